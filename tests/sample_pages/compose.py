"""Writes the bundled sample, `data/sample/`: `PYTHONPATH=tests python -m sample_pages.compose`.

Every file is the page under its path on the portal plus `.html`. A test composes them anew and compares, so that
a change here or there is seen.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from sample_pages import criminal, personal_data
from sample_pages.notes import LAWS
from sample_pages.site_markup import Act, article_body, history_page, info_page, page, portal

SAMPLE = Path(__file__).resolve().parent.parent.parent / "data" / "sample"
TITLES = {
    "Z2500000210": "О поправках по вопросам оптимизации уголовного законодательства",
    "Z2200000139": "О поправках в некоторые законодательные акты",
    "Z2300000188": "О поправках в некоторые законодательные акты",
}
PUBLISHED = {"Z2500000210": "17.07.2025", "Z2200000139": "13.07.2022", "Z2300000188": "05.01.2023"}


def pages() -> dict[str, str]:
    """Path below `data/sample` → text of the page, for both acts, both languages and the laws with info pages."""
    out: dict[str, str] = {}
    for source in (criminal, personal_data):
        out |= _act_pages(source)
    for name, (day, number, act_id, _, _) in LAWS.items():
        if act_id in PUBLISHED:
            out[f"rus/docs/{act_id}/info.html"] = _law_info(name, day, number, act_id)
    return out


def _act_pages(source: ModuleType) -> dict[str, str]:
    out: dict[str, str] = {}
    acts: tuple[Act, Act] = source.start()
    days = [day for day, _ in source.DAYS]
    for number, ((day, style), step) in enumerate(zip(source.DAYS, source.STEPS, strict=True)):
        if step:
            step(acts)
        last = number == len(days) - 1
        for act in acts:
            body = article_body(act, style, first_anchor=number * 7)
            name = "index" if last else portal(day)
            status = "new" if number == 0 else "upd"
            out[f"{act.lang}/docs/{act.act_id}/{name}.html"] = page(act, body, status=status, archived=not last)
    for act, rows in zip(acts, (source.INFO_RU, source.INFO_KK), strict=True):
        out[f"{act.lang}/docs/{act.act_id}/history.html"] = history_page(act, days)
        out[f"{act.lang}/docs/{act.act_id}/info.html"] = info_page(act, rows)
    return out


def _law_info(name: str, day: str, number: str, act_id: str) -> str:
    law = Act(act_id, "rus", f"{TITLES[act_id]} (образец lawdiff)",
              f"Закон Республики Казахстан от {day} года № {name} ЗРК.", "")  # fmt: skip
    assert number
    return info_page(law, [
        ("Дата принятия акта", day), ("Официальная публикация", f'"Казахстанская правда" от {PUBLISHED[act_id]} г.'),
        ("Форма акта", "Закон"), ("Орган, принявший акт", "Парламент Республики Казахстан"),
        ("Регистрационный номер НПА, присвоенный нормотворческим органом", f"{name} ЗРК"),
    ], status="new")  # fmt: skip


def main() -> int:
    """Write the files; exit code 1 if any differed, so that a person reads the difference."""
    changed = 0
    for name, text in sorted(pages().items()):
        target = SAMPLE / name
        new = text.encode("utf-8")
        if not target.is_file() or target.read_bytes() != new:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(new)
            print(f"written: {name}")
            changed += 1
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
