"""An invented person's year as journal entries, put together from written pieces by a seeded chance."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from random import Random
from typing import Any, Final

from companion.core.paths import assets
from companion.demo.deck import Deck
from companion.journal.model import Content, Energy, Mood

DAYS: Final = 365
_RECENT_DAYS: Final = 9  # written by hand, so that the newest page reads well
_WORK_BEGINS: Final = 285  # days ago, as the story pieces tell it
_GARDEN_BEGINS: Final = 214
_GROUP_BEGINS: Final = 320
_LATE: Final = 150
_BLANK: Final = ((341, 348), (256, 260), (133, 144), (79, 83))  # days ago; people stop writing, and start again
_BEFORE_TOLD_AGAIN: Final = 90  # days
_WORK_DAYS: Final = (0, 2, 3)
_TUESDAY: Final = 1
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASONS: Final = ("winter", "spring", "summer", "autumn")
_FORMS: Final = ("nights", "heavy", "reflections", "problems", "appointments", "letters", "long")
# Days ago, and the mood around which the days after that lie.
_TIDES: Final = ((365, 2.2), (300, 2.8), (240, 3.5), (165, 2.3), (125, 3.3), (60, 3.8))


def words() -> dict[str, Any]:
    """The written pieces: scenes, lines, lists and the days written by hand."""
    return dict(json.loads((assets() / "demo" / "en.json").read_text(encoding="utf-8")))


def year(today: date, zone: tzinfo, seed: int = 20) -> list[Content]:
    """About 400 entries, oldest first, the last of them on `today`; the same arguments give the same year."""
    return _Year(today, zone, Random(seed), words()).contents()


def _is_blank(ago: int) -> bool:
    return any(first <= ago <= last for first, last in _BLANK)


class _Year:
    def __init__(self, today: date, zone: tzinfo, chance: Random, pieces: dict[str, Any]) -> None:
        self._today, self._zone, self._chance, self._words = today, zone, chance, pieces
        self._decks: dict[str, Deck] = {}
        self._made: list[Content] = []
        self._level = 2.0
        self._last_scene = ""
        self._last_list = DAYS
        self._told: dict[str, int] = {}  # title of a piece, and how many days ago it was told last
        self._forms = self._spread_forms()

    def contents(self) -> list[Content]:
        scripted = [*self._words["story"], *self._words["recent"]]
        for ago in range(DAYS - 1, -1, -1):
            tide = next(mean for start, mean in reversed(_TIDES) if ago <= start)
            self._level += 0.4 * (tide - self._level) + self._chance.gauss(0, 0.66)
            self._level = min(5.4, max(0.7, self._level))
            on_this_day = [piece for piece in scripted if piece["day"] == ago]
            for piece in on_this_day:
                self._add_scripted(ago, piece)
            if not on_this_day and ago > 0:
                self._day(ago)
        return sorted(self._made, key=lambda content: content.at)

    # --- one day ---------------------------------------------------------

    def _day(self, ago: int) -> None:
        if _is_blank(ago):
            return
        day = self._date(ago)
        if day.weekday() == _TUESDAY and ago <= _GROUP_BEGINS and self._chance.random() < 0.82:
            self._group(ago)
        elif ago in self._forms:
            self._form(ago, self._forms[ago])
        elif ago <= _RECENT_DAYS:
            return
        elif self._chance.random() < 0.46:
            self._scene(ago)
        elif self._chance.random() < 0.42:
            self._few_words(ago)
        if self._chance.random() < 0.46:
            self._check_in(ago)

    def _check_in(self, ago: int) -> None:
        hours = (7, 9) if self._chance.random() < 0.6 else (12, 17)
        mood = self._mood()
        self._add(ago, hours, mood=mood, energy=self._energy(mood, often=0.6), feelings=self._feelings(mood, 0.3))

    def _few_words(self, ago: int) -> None:
        if self._chance.random() < 0.2 and self._last_list - ago > 6:
            self._last_list = ago
            things = [self._deck("good_things").draw() for _ in range(self._chance.choice((3, 3, 4, 5)))]
            mood = max(self._mood(), Mood.MIXED)
            text = "\n".join(f"- {thing}" for thing in things)
            self._add(ago, (19, 22), "Good things, even small", text, mood=mood, tags=self._tags("good_things"))
            return
        mood = self._mood()
        line = str(self._deck("few", str(int(mood))).draw())
        self._add(ago, (17, 22), text=line, mood=mood, energy=self._energy(mood, often=0.5))

    def _scene(self, ago: int) -> None:
        mood = self._mood()
        if mood is Mood.VERY_HARD and self._chance.random() < 0.6:
            mood = Mood.HARD  # the pieces for the worst days are elsewhere
        low_mid_high = {1: "low", 2: "low", 3: "mid", 5: "high"}
        band = low_mid_high.get(mood) or self._chance.choice(("mid", "high"))
        scenes = self._scenes_for(ago)
        fits, told = self._fits(ago), self._told

        def fits_again(piece: Any) -> bool:
            return fits(piece) and told.get(piece[0], 2 * DAYS) - ago > _BEFORE_TOLD_AGAIN

        for name, again in [*((name, False) for name in scenes), *((name, True) for name in scenes)]:
            piece = self._deck("scenes", name, band).draw(fits_again, again=again)
            if piece is None:
                continue
            title, text = piece[:2]
            told[title] = ago
            if self._chance.random() < 0.5:
                text = f"{text}\n\n{self._deck('second', band).draw()}"
            if self._chance.random() < 0.12:
                title = ""
            hours = (17, 22) if self._date(ago).weekday() < 5 else (10, 22)
            self._last_scene = name
            self._put(ago, hours, title, text, mood, self._words["scenes"][name]["tags"])
            return

    def _scenes_for(self, ago: int) -> list[str]:
        """Every scene that can happen that day, in an order of chance; not the one of the day before."""
        weekday = self._date(ago).weekday()
        names = [name for name in self._words["scenes"] if name != self._last_scene]
        if ago > _WORK_BEGINS or weekday not in _WORK_DAYS:
            names = [name for name in names if name != "work"]
        if ago > _GARDEN_BEGINS:
            names = [name for name in names if name != "garden"]
        likely = {"walk": 2.2, "home": 2.0, "work": 3.0, "nell": 4.0 if weekday == 6 else 0.8, "garden": 1.2}
        return sorted(names, key=lambda name: self._chance.random() ** (1 / likely.get(name, 1.0)), reverse=True)

    def _group(self, ago: int) -> None:
        group, mood = self._words["group"], self._mood()
        parts = [self._deck("group", "openings").draw()]
        if self._chance.random() < 0.7:
            parts.append(f"> {self._deck('group', 'heard').draw()}")
        parts.append(self._deck("group", "after").draw())
        title = self._deck("group", "titles").draw()
        self._put(ago, (21, 22), str(title), "\n\n".join(map(str, parts)), mood, group["tags"])

    # --- the forms: templates and rarer pieces ---------------------------

    def _spread_forms(self) -> dict[int, str]:
        """Which day gets which rarer piece: each kind evenly over the year, with some chance in it."""
        days: dict[int, str] = {}
        for kind in _FORMS:
            count = len(self._words[kind])
            width = (_WORK_BEGINS - _RECENT_DAYS) / count
            for n in range(count):
                ago = _RECENT_DAYS + 1 + int((n + self._chance.random()) * width)
                while ago in days or not self._has_room(kind, ago):
                    ago += 1
                days[ago] = kind
        return days

    def _has_room(self, kind: str, ago: int) -> bool:
        weekday = self._date(ago).weekday()
        return not _is_blank(ago) and weekday != _TUESDAY and not (kind == "appointments" and weekday > 4)

    def _form(self, ago: int, kind: str) -> None:
        piece = self._deck(kind).draw(self._fits(ago), again=False)
        if piece is None:
            return
        if kind == "nights":
            self._add(ago, (2, 4), text=piece, mood=self._hard(), energy=Energy.LOW, tags=self._tags(kind))
        elif kind == "heavy":
            self._put(ago, (20, 23), piece[0], piece[1], self._hard(), self._tags(kind), heavy=True)
        elif kind == "reflections":
            headings = ("What happened?", "What did I feel?", "What helped, even a little?")
            text = "\n\n".join(f"### {asked}\n\n{told}" for asked, told in zip(headings, piece[1:4], strict=True))
            self._put(ago, (18, 21), piece[0], text, self._mood(), self._tags(kind))
        elif kind == "problems":
            options = "\n".join(f"{n}. {option}" for n, option in enumerate(piece[1], start=1))
            self._put(ago, (18, 21), piece[0], f"{options}\n\n**So:** {piece[2]}", self._mood(), self._tags(kind))
        else:
            hours = (14, 17) if kind == "appointments" else (18, 22)
            self._put(ago, hours, piece[0], piece[1], self._mood(), self._tags(kind))

    def _fits(self, ago: int) -> Callable[[Any], bool]:
        day = self._date(ago)
        season, weekday = _SEASONS[day.month % 12 // 3], _WEEKDAYS[day.weekday()]

        def fits(piece: Any) -> bool:
            when = str(piece[2]).split() if isinstance(piece, list) and len(piece) == 3 else []
            seasons = [word for word in when if word in _SEASONS]
            weekdays = [word for word in when if word in _WEEKDAYS]
            if seasons and season not in seasons:
                return False
            if weekdays and weekday not in weekdays:
                return False
            return when != ["late"] or ago <= _LATE

        return fits

    # --- the smaller choices ---------------------------------------------

    def _mood(self) -> Mood:
        return Mood(min(5, max(1, round(self._level + self._chance.gauss(0, 0.35)))))

    def _hard(self) -> Mood:
        self._level = min(self._level, 2.0)
        return self._chance.choice((Mood.VERY_HARD, Mood.HARD))

    def _energy(self, mood: Mood, often: float) -> Energy | None:
        if self._chance.random() > often:
            return None
        return Energy(min(3, max(1, round((mood - 0.6) / 1.6 + self._chance.gauss(0, 0.45)))))

    def _feelings(self, mood: Mood, often: float) -> tuple[str, ...]:
        if self._chance.random() > often:
            return ()
        return tuple(self._chance.sample(self._words["feelings"][str(int(mood))], self._chance.choice((1, 1, 2))))

    def _tags(self, kind: str) -> list[str]:
        return list(self._words["tags"][kind])

    def _deck(self, *where: str) -> Deck:
        name = "/".join(where)
        if name not in self._decks:
            pieces: Any = self._words
            for step in where:
                pieces = pieces[step]
            self._decks[name] = Deck(pieces, self._chance)
        return self._decks[name]

    # --- putting an entry down -------------------------------------------

    def _add_scripted(self, ago: int, piece: dict[str, Any]) -> None:
        at = self._moment(ago, time.fromisoformat(piece["time"]))
        more = {name: piece[name] for name in ("title", "text", "heavy") if name in piece}
        self._made.append(
            Content(
                at=at,
                mood=Mood(piece["mood"]),
                energy=Energy(piece["energy"]),
                feelings=tuple(piece.get("feelings", ())),
                tags=tuple(piece.get("tags", ())),
                people=self._people(piece.get("text", "")),
                **more,
            )
        )

    def _put(
        self, ago: int, hours: tuple[int, int], title: str, text: str, mood: Mood, tags: list[str], heavy: bool = False
    ) -> None:
        chosen = None if self._chance.random() < 0.14 else mood
        energy, feelings = self._energy(mood, often=0.4), self._feelings(mood, 0.4)
        self._add(ago, hours, title, text, mood=chosen, energy=energy, feelings=feelings, tags=tags, heavy=heavy)

    def _add(self, ago: int, hours: tuple[int, int], title: str = "", text: str = "", **chosen: Any) -> None:
        at = self._moment(ago, time(self._chance.randint(*hours), self._chance.randrange(60)))
        self._made.append(Content(at=at, title=title, text=text, people=self._people(text), **chosen))

    def _people(self, text: str) -> tuple[str, ...]:
        return tuple(name for name in self._words["people"] if re.search(rf"\b{name}\b", text))

    def _date(self, ago: int) -> date:
        return self._today - timedelta(days=ago)

    def _moment(self, ago: int, clock_time: time) -> datetime:
        local = datetime.combine(self._date(ago), clock_time, tzinfo=self._zone)
        # A time that a clock change leaves out becomes the one that was on the clock.
        return local.astimezone(UTC).astimezone(self._zone)
