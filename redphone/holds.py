"""What people say of the alerts, on the command line: pause, resume, mute; release, drop or retry what is kept."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from redphone.moments import moment_of, span_of
from redphone.show import opened
from redphone.writing import reason_of, who, written
from services.notify import holds, tasks
from services.notify.config import options
from services.notify.quiet import days_of
from shared.clock import utc_now
from shared.errors import UsageError
from shared.holds import active_mutes
from shared.names import LANGUAGES, Names, load_names
from shared.settings import Settings, load_settings

Answer = TypeVar("Answer")
Verb = Literal["release", "drop", "retry"]
#: Resuming asks again where more than so many messages would go out at once.
AT_ONCE = 5
DONE = {"release": "released", "drop": "dropped", "retry": "set back to waiting"}


def pause(reason: str, until: str | None, span: str | None, by: str | None) -> None:
    """Post nothing to the desk, until a moment or until `resume`."""
    settings, now = load_settings(), utc_now()
    end = moment_of(until, span, now, settings.timezone)
    why = reason_of(reason)
    written(settings, lambda session: holds.pause(session, who(by), why, now, end))
    lasts = f"until {_shown(end, settings)}" if end else "until redphone resume notify"
    _say(f"posting to the desk is paused {lasts}; everything is kept, redphone alerts lists it")


def resume(by: str | None, *, sure: bool) -> None:
    """End the pause. Raises UsageError where many messages would go out at once and nobody said that this is meant."""
    settings, now = load_settings(), utc_now()

    def work(session: Session) -> str:
        waiting = holds.backlog(session, now)
        if waiting > AT_ONCE and not sure:
            raise UsageError(
                f"{waiting} messages would go out at once: look at redphone alerts, release or drop them, "
                "or resume with --yes"
            )
        if holds.resume(session, who(by), now) is None:
            return "posting was not paused"
        return f"posting goes on; {waiting} message{'' if waiting == 1 else 's'} wait{'s' if waiting == 1 else ''}"

    _say(written(settings, work))


def alerts(verb: Verb, ids: Sequence[int], reason: str, by: str | None) -> None:
    """Release, drop or retry rows of the ledger, all of them or none."""
    settings, now = load_settings(), utc_now()

    def work(session: Session) -> tuple[int, ...]:
        if verb == "retry":
            return holds.retry(session, ids, who(by), now)
        if verb == "release":
            return holds.release(session, ids, who(by), reason_of(reason), now)
        return tasks.drop(session, ids, who(by), reason_of(reason), now, options(settings))

    done = written(settings, work)
    _say(f"{DONE[verb]}: {', '.join(map(str, done))}")


def mute(one: str, other: str, reason: str, span: str, by: str | None) -> None:
    """Make no message of the calls of two countries for a while."""
    settings, now = load_settings(), utc_now()
    pair, until, why = pair_of(one, other), now + span_of(span), reason_of(reason)
    written(settings, lambda session: holds.mute(session, pair, who(by), why, now, until))
    _say(
        f"{pair} is muted until {_shown(until, settings)}; "
        f"a change of status or a first contact in {days_of(settings.first_contact_days)} ends it earlier"
    )


def unmute(one: str, other: str, by: str | None) -> None:
    """End the mute of two countries. Raises UsageError where there is none."""
    pair, now = pair_of(one, other), utc_now()
    if not written(load_settings(), lambda session: holds.unmute(session, pair, who(by), now)):
        raise UsageError(f"{pair} is not muted; redphone mutes lists what is")
    _say(f"{pair} is no longer muted")


def mutes() -> None:
    """List the mutes that hold, with who set them, why and until when."""
    settings, now = load_settings(), utc_now()
    rows = opened(settings, lambda session: active_mutes(session, now))
    for row in rows:
        _say(f"{row.pair}  until {_shown(row.until, settings)}, set by {row.by}: {row.reason}")
    if not rows:
        _say("no pair is muted")


def pair_of(one: str, other: str) -> str:
    """ "RU-US" out of two codes or names of countries. Raises UsageError for what is no country, or twice the same."""
    names = load_names()
    codes = sorted({_code(one, names), _code(other, names)})
    if len(codes) != 2:
        raise UsageError(f"{one} and {other} are one country: name two")
    return "-".join(codes)


def _code(text: str, names: Names) -> str:
    wanted = text.casefold()
    for code in names.countries:
        if wanted in (code.casefold(), *(names.country(code, language).casefold() for language in LANGUAGES)):
            return code
    raise UsageError(f"{text!r} is no country that is known: write its name, or its code such as US")


def _shown(moment: dt.datetime, settings: Settings) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M} ({settings.timezone})"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
