"""The buttons under a message: what an editor can say of a call, and for what was said the way back. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from services.notify.layout import Button, CallView, Line, Span, Word
from services.notify.voice import Voice

#: How many of the words that can be said more than once (merge, split) have their way back under the message.
MOST_WORDS = 3
#: What a button's click says, in the order of the buttons; "same" asks for the other call first.
SAID_ONCE, SAID_OFTEN = ("confirm", "own", "drop", "mute"), ("merge", "split")


def root_buttons(view: CallView, voice: Voice) -> tuple[Button, ...]:
    """The buttons of a root; none where nobody hears them, and of a call taken back only the way back."""
    if view.words is None:
        return ()
    said = {word.kind for word in view.words}
    offered = () if view.withdrawn else _offered(view, voice, said)
    once = [word for word in view.words if word.kind in SAID_ONCE]
    others = [word for word in view.words if word.kind in SAID_OFTEN][-MOST_WORDS:]
    return (*offered, *(_back(word, voice) for word in (*once, *others)))


def _offered(view: CallView, voice: Voice, said: set[str]) -> Iterable[Button]:
    if "confirm" not in said:
        yield Button("confirm", voice.say("button_confirm"), view.call_id, "primary")
    if "own" not in said:
        yield Button("own", voice.say("button_own"), view.call_id)
    yield Button("same", voice.say("button_same"), view.call_id)
    pair = pair_of(view)
    if pair and "mute" not in said:
        label = voice.say("button_mute", pair=voice.countries(view.facts.participants))
        yield Button("mute", label, f"{view.call_id}|{pair}")
    yield Button("drop", voice.say("button_drop"), view.call_id, "danger")


def reply_buttons(view: CallView, voice: Voice) -> tuple[Button, ...]:
    """The button of a reply that took two reports as one call on little."""
    if view.words is None or not view.report or view.withdrawn:
        return ()
    return (Button("split", voice.say("button_split"), f"{view.call_id}|{view.report}"),)


def _back(word: Word, voice: Voice) -> Button:
    return Button(f"undo-{word.kind}-{word.id}", voice.say(f"button_undo_{word.kind}"), str(word.id))


def pair_of(view: CallView) -> str:
    """ "RU-US"; empty for a call of more than two countries, or of one that is not known."""
    countries = {person.country for person in view.facts.participants}
    codes = sorted(code for code in countries if code)
    return "-".join(codes) if len(codes) == len(countries) == 2 else ""


def word_lines(view: CallView, voice: Voice) -> Iterable[Line]:
    """What editors said that no other line of the message shows; of what can be said more than once the latest."""
    words = view.words or ()
    latest = [word for word in words if word.kind in SAID_OFTEN][-MOST_WORDS:]
    for word in words:
        if word.kind in ("confirm", "own", "mute") or word in latest:
            until = voice.moment(word.until) if word.until else ""
            text = voice.say(f"word_{word.kind}", by=word.by, at=voice.moment(word.at), until=until)
            yield Line("note", (Span(text, "italic"),))
