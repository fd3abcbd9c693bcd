"""The command line. Each command imports what it needs when it runs, so that none pays for the others."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shared.errors import UsageError

if TYPE_CHECKING:
    from redphone.show import View

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Tells a news desk within seconds that two leaders talked, once per call, and what changed since.",
)
database = typer.Typer(no_args_is_help=True, help="Look after the database.")
app.add_typer(database, name="db")
newspapers = typer.Typer(help="The feeds that are polled: list them, try them, bring them in and out.")
app.add_typer(newspapers, name="feeds")
ledger = typer.Typer(help="What was said to the desk: list it, release, drop or retry what was kept back.")
app.add_typer(ledger, name="alerts")
history = typer.Typer(help="The calls of the history: list them, export them, put them right.")
app.add_typer(history, name="calls")

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines on standard output and nothing else.")]
CallId = Annotated[str, typer.Argument(metavar="CALL", help="The id of a call.")]
Limit = Annotated[
    int | None, typer.Option(min=1, help="At most so many; else 50 in a table, but all feeds, and all as JSON.")
]

Alerts = Annotated[list[int], typer.Argument(metavar="ID…", help="As redphone alerts lists them.")]
Country = Annotated[str, typer.Argument(help="A country's name or code.")]
Newspaper = Annotated[str, typer.Argument(metavar="URL|OUTLET", help="A feed by its address, or an outlet's feeds.")]
Reason = Annotated[str, typer.Option(help="Why, for whoever comes next.")]
By = Annotated[str | None, typer.Option(help="Who says so; else the user of this machine.")]


def _pass_on(context: typer.Context) -> None:
    """Let the options in front of a subcommand hold for it, or refuse, in one line, those that it does not have."""
    group = context.command
    command = getattr(group, "commands", {}).get(context.invoked_subcommand)
    if command is None:
        return
    known = {parameter.name for parameter in command.params}
    given = {name: value for name, value in context.params.items() if value not in (None, False)}
    for name in given:
        if name not in known:
            raise UsageError(f"{context.command_path} {command.name} has no --{name}: leave it out")
    context.default_map = {str(command.name): given}


class Pausable(enum.StrEnum):
    """What can be paused."""

    notify = "notify"


class Language(enum.StrEnum):
    """The languages of the alerts."""

    en = "en"
    vi = "vi"


class Service(enum.StrEnum):
    """The services that have workers, and the one that listens to the desk in Slack."""

    ingest = "ingest"
    classify = "classify"
    notify = "notify"
    desk = "desk"


@app.command()
def replay(
    path: Annotated[str, typer.Argument(help="A folder like seeds/, or a .jsonl of articles.")],
    json: AsJson = False,
    into: Annotated[
        str | None, typer.Option(help="Database URL to fill in silence and keep; else a fresh one that shows alerts.")
    ] = None,
    alert: Annotated[
        bool, typer.Option("--alert", help="With --into: tell the desk; old news is marked LATE.")
    ] = False,
) -> None:
    """Play articles in order of publication through ingest, classify and notify, and show the alerts."""
    from redphone.replay import replay as play

    play(path, as_json=json, into=into, alert=alert)


@app.command()
def classify(
    path: Annotated[str, typer.Argument(help="A .jsonl, a folder like seeds/, or - for standard input.")] = "-",
) -> None:
    """Print one JSON line per article: the calls that it tells of. Needs no database."""
    from redphone.classify import classify as read
    from shared.settings import load_settings

    load_settings()
    read(path)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(metavar="FILE|URL|ID", help="A file, or a stored article or call.")],
) -> None:
    """Show which rule took which words, and for each near miss why it was refused."""
    from redphone.show import explain as show
    from shared.settings import load_settings

    load_settings()
    show(what)


@app.command()
def why(
    url: Annotated[str, typer.Argument(help="The address of an article, or its key.")],
    json: AsJson = False,
) -> None:
    """Say why an article gave an alert or none: not seen, not read, no call, old, a repeat, muted, held, sent."""
    from redphone.why import why as explained

    explained(url, as_json=json)


@app.command("eval")
def evaluate(
    path: Annotated[str, typer.Argument(metavar="DIR", help="A labelled set, or a folder of such sets.")],
    labels: Annotated[str | None, typer.Option(help="The labels of DIR's articles, where they lie elsewhere.")] = None,
    history: Annotated[
        bool, typer.Option(help="How well the articles are kept as a history (labels with verdicts).")
    ] = False,
    json: AsJson = False,
) -> None:
    """Measure the classifier on articles that an editor has labelled (articles and labels.jsonl in one folder).

    A label: {"id": "a1", "calls": [{"participants": ["Emmanuel Macron", null], "countries": ["FR", "JP"], "status":
    "held", "news": true, "channel": "phone", "date": "2024-05-17", "duration_min": 45, "initiator": "FR"}]}
    """
    if history:
        from redphone.timeline import evaluate_history as measure
    else:
        from redphone.evaluate import evaluate as measure

    measure(path, labels=labels, as_json=json)


@app.command()
def run() -> None:
    """Poll the feeds for real, all services in one process, with the status page; Ctrl-C stops it."""
    from redphone.run import run as loop

    loop()


@app.command()
def worker(
    service: Service,
    concurrency: Annotated[int | None, typer.Option(min=1, help="Processes; by default one per core.")] = None,
) -> None:
    """Run a service's worker (needs Redis and a database that all share); `desk` hears the buttons in Slack."""
    if service is Service.desk:
        from redphone.desk import listen

        listen()
        return
    from redphone.distributed import worker as work

    work(service.value, concurrency)


@app.command()
def beat() -> None:
    """Run the clock of the workers: one for all."""
    from redphone.distributed import beat as tick

    tick()


@app.command()
def status(
    json: AsJson = False,
    serve: Annotated[bool, typer.Option(help="Answer over HTTP instead, as a service of its own.")] = False,
    alive: Annotated[str | None, typer.Option(help="Fail unless this queue, or beat, showed life lately.")] = None,
    here: Annotated[bool, typer.Option("--here", help="With --alive: the worker of this machine itself.")] = False,
) -> None:
    """Show how things stand: what waits, the feeds, the workers."""
    if alive:
        _require_alive(alive, here=here)
        return
    from redphone import standing

    if serve:
        standing.serve()
    else:
        standing.show(as_json=json)


@database.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema."""
    from shared import db
    from shared.settings import load_settings

    db.migrate(load_settings().database_url)


@database.command()
def prune(
    days: Annotated[float | None, typer.Option(min=1, help="Else REDPHONE_KEEP_TEXT_DAYS.")] = None,
) -> None:
    """Empty the text of articles that came longer ago and prove no call; titles, evidence and facts stay."""
    from redphone.prune import prune as empty

    empty(days)


@database.command()
def backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to; a SQLite file, of PostgreSQL too.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write everything into one file, while the service runs on."""
    from redphone.backup import backup as keep

    keep(file, force=force)


@database.command()
def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="As `db backup` wrote it, from either database.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the history that the database holds.")] = False,
) -> None:
    """Put a backup into the settings' database, all of it or nothing, and pause posting to the desk."""
    from redphone.backup import restore as put_back

    put_back(file, force=force)


@history.callback(invoke_without_command=True)
def calls(
    context: typer.Context,
    json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output and nothing else.")] = False,
    limit: Limit = None,
) -> None:
    """The calls of the history: `calls` alone lists them, the latest first."""
    if context.invoked_subcommand is None:
        from redphone.show import listing

        listing("calls", json, limit, as_csv=csv)
    _pass_on(context)


@history.command()
def merge(
    one: CallId,
    other: CallId,
    reason: Reason,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Although other people are on the two.")] = False,
) -> None:
    """Two calls are one: what is told of either is told of both, also from now on."""
    from redphone import putright as desk

    desk.merge(one, other, reason, by, sure=yes)


@history.command()
def split(
    call: CallId,
    report: Annotated[
        list[str],
        typer.Option(metavar="ARTICLE[#N]", help="An article of the call, by address, key or number; or several."),
    ],
    reason: Reason,
    by: By = None,
) -> None:
    """Some reports tell of another call: they make a call of their own, which gets its own alert while it is fresh."""
    from redphone import putright as desk

    desk.split(call, report, reason, by)


@history.command("drop")
def drop_call(call: CallId, reason: Reason, by: By = None) -> None:
    """It was no call: what the desk was told of it is withdrawn in place, never deleted."""
    from redphone import putright as desk

    desk.drop(call, reason, by)


@history.command()
def edit(
    call: CallId,
    edits: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE", help="As above; nothing behind = is unknown.")],
    reason: Reason,
    by: By = None,
) -> None:
    """Some facts are others than the reports say.

    date=2025-03-18 · status=held, ongoing, planned, proposed, denied, refused, cancelled, postponed or unanswered ·
    channel=phone or video · duration=90, "about 90", "over 90" or "under 90" (minutes) · initiator=RU or both
    """
    from redphone import putright as desk

    desk.edit(call, edits, reason, by)


@history.command()
def undo(hand: Annotated[int, typer.Argument(help="The number of the hand.")], by: By = None) -> None:
    """Take a hand back; it stays in the record as undone."""
    from redphone import putright as desk

    desk.undo(hand, by)


@history.command("hands")
def list_hands(
    call: Annotated[str | None, typer.Argument(help="A call; without it all hands.")] = None, json: AsJson = False
) -> None:
    """List what was put right by hand, by whom, when and why, the latest first."""
    from redphone.putright import hands as show

    show(call, as_json=json)


@app.command()
def rules(
    export: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the built-in rules and data into a new folder instead.")
    ] = None,
) -> None:
    """Say which version of rules and data is at work, and which files lie over the built-in ones."""
    from redphone import rules as data

    if export is not None:
        data.export(export)
    else:
        data.show()


@app.command()
def reclassify(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change; write nothing into the database.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Read every stored article again by the rules of today; rebuild calls, members and facts; alert nobody."""
    from redphone.reclassify import reclassify as again

    again(dry_run=dry_run, as_json=json)


@app.command()
def articles(json: AsJson = False, limit: Limit = None) -> None:
    """List the stored articles, the newest first, with what came of them."""
    _list("articles", json, limit)


@newspapers.callback(invoke_without_command=True)
def feeds(context: typer.Context, json: AsJson = False, limit: Limit = None) -> None:
    """The feeds that are polled: `feeds` alone lists them."""
    if context.invoked_subcommand is None:
        _list("feeds", json, limit)
    _pass_on(context)


@newspapers.command("list")
def list_feeds(json: AsJson = False, limit: Limit = None) -> None:
    """List the feeds with their state, last success, next look, interval and entries a day."""
    _list("feeds", json, limit)


@newspapers.command()
def check(
    url: Annotated[str | None, typer.Argument(help="A feed; without it all feeds of the catalogue.")] = None,
    json: AsJson = False,
) -> None:
    """Ask a feed once and say in words what it gave and what would be stored. Nothing is stored."""
    from redphone.feeds import check as look

    look(url, as_json=json)


@newspapers.command("import")
def import_feeds(
    path: Annotated[str, typer.Argument(metavar="FILE.opml", help="A subscription list of any feed reader.")],
    world: Annotated[bool, typer.Option(help="They are world news: ask every minute, fetch each page.")] = False,
) -> None:
    """Add the feeds of an OPML file to the newsroom's own."""
    from redphone.feeds import import_opml

    import_opml(path, world=world)


@newspapers.command("pause")
def pause_feeds(feed: Newspaper, reason: Reason, by: By = None) -> None:
    """Poll a feed, or all of an outlet, no more until `feeds resume`; `feeds list` says who paused it and why."""
    from redphone.feeds import pause as stop

    stop(feed, reason, by)


@newspapers.command("resume")
def resume_feeds(feed: Newspaper, by: By = None) -> None:
    """Poll a feed, or all of an outlet, again, from now on."""
    from redphone.feeds import resume as go_on

    go_on(feed, by)


@newspapers.command()
def export() -> None:
    """Print the catalogue as OPML 2.0."""
    from redphone.feeds import export as write

    write()


@ledger.callback(invoke_without_command=True)
def alerts(context: typer.Context, json: AsJson = False, limit: Limit = None) -> None:
    """What was said to the desk, and what waits: `alerts` alone lists it, the newest first."""
    if context.invoked_subcommand is None:
        _list("alerts", json, limit)
    _pass_on(context)


@ledger.command("list")
def list_alerts(json: AsJson = False, limit: Limit = None) -> None:
    """List what was said to the desk, and what waits, the newest first."""
    _list("alerts", json, limit)


@ledger.command()
def release(ids: Alerts, reason: Reason, by: By = None) -> None:
    """Let alerts go that are held, muted, undated or kept by a pause; those before them in their call go too."""
    from redphone.holds import alerts as change

    change("release", ids, reason, by)


@ledger.command()
def drop(ids: Alerts, reason: Reason, by: By = None) -> None:
    """Put alerts to rest that are not to be sent; they stay in the list with the reason."""
    from redphone.holds import alerts as change

    change("drop", ids, reason, by)


@ledger.command()
def retry(ids: Alerts, by: By = None) -> None:
    """Try alerts again that Slack refused or that were given up, once the cause is mended."""
    from redphone.holds import alerts as change

    change("retry", ids, "", by)


@app.command()
def pause(
    what: Annotated[Pausable, typer.Argument(help="What is to rest.")],
    reason: Reason,
    until: Annotated[str | None, typer.Option(help="06:00 in the desk's zone, or 2026-05-04T06:00.")] = None,
    span: Annotated[str | None, typer.Option("--for", help="45m, 2h, 7d.")] = None,
    by: By = None,
) -> None:
    """Post nothing to the desk; articles are read on and every alert is kept."""
    from redphone.holds import pause as rest

    rest(reason, until, span, by)


@app.command()
def resume(
    what: Annotated[Pausable, typer.Argument(help="What is to go on.")],
    yes: Annotated[bool, typer.Option("--yes", help="Although many messages go out at once.")] = False,
    by: By = None,
) -> None:
    """Post again what was kept; asks back where more than five messages would go out at once."""
    from redphone.holds import resume as go_on

    go_on(by, sure=yes)


@app.command()
def mute(
    one: Country,
    other: Country,
    reason: Reason,
    span: Annotated[str, typer.Option("--for", help="45m, 2h, 7d.")] = "7d",
    by: By = None,
) -> None:
    """Make no message of the calls of two countries for a while; they stay in the history and in the list."""
    from redphone.holds import mute as silence

    silence(one, other, reason, span, by)


@app.command()
def unmute(one: Country, other: Country, by: By = None) -> None:
    """End a mute before its time."""
    from redphone.holds import unmute as end

    end(one, other, by)


@app.command()
def mutes() -> None:
    """List the pairs that are muted, with who set each, why and until when."""
    from redphone.holds import mutes as show

    show()


@app.command()
def routes() -> None:
    """List the rules by which calls go to channels, in the order in which they are read."""
    from redphone.routes import show

    show()


@app.command()
def preview(
    call_id: Annotated[str, typer.Argument(help="A stored call; redphone calls lists their ids.")],
    language: Annotated[Language | None, typer.Option(help="Else the desk's own.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page that looks like Slack.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The blocks that Slack would get.")] = False,
) -> None:
    """Show the messages about a stored call as they would be written now, without Slack and without posting."""
    from redphone.preview import preview as look

    look(call_id, language.value if language else None, html, as_json=json)


def _list(view: View, json: bool, limit: int | None) -> None:
    from redphone.show import listing

    listing(view, json, limit)


def _require_alive(name: str, *, here: bool) -> None:
    from shared.clock import utc_now
    from shared.heartbeat import require_alive
    from shared.settings import load_settings

    require_alive(load_settings().broker_url, name, utc_now(), here=here)
