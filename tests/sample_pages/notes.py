"""Composes the portal's editorial notes for the sample: the laws are real by number and date, the targets are ours."""

from __future__ import annotations

TEN_RU = "вводится в действие по истечении десяти календарных дней после дня его первого официального опубликования"
SIXTY_RU = (
    "вводится в действие по истечении шестидесяти календарных дней после дня его первого официального опубликования"
)
TEN_KK = "алғашқы ресми жарияланған күнінен кейін күнтізбелік он күн өткен соң қолданысқа енгізіледі"
SIXTY_KK = "алғашқы ресми жарияланған күнінен кейін күнтізбелік алпыс күн өткен соң қолданысқа енгізіледі"

# name → (date as printed, number as printed, portal id, force phrase ru, force phrase kk)
LAWS = {
    "419-V": ("24.11.2015", "419-V", "Z1500000419", "вводится в действие с 01.01.2016",
              "01.01.2016 бастап қолданысқа енгізіледі"),
    "84-VI": ("03.07.2017", "84-VI", "Z1700000084", TEN_RU, TEN_KK),
    "128-VI": ("28.12.2017", "128-VI", "Z1700000128", TEN_RU, TEN_KK),
    "180-VI": ("12.07.2018", "180-VІ", "Z1800000180", TEN_RU, TEN_KK),
    "292-VI": ("27.12.2019", "292-VІ", "Z1900000292", "вводится в действие с 01.01.2023",
               "01.01.2023 бастап қолданысқа енгізіледі"),
    "347-VI": ("25.06.2020", "347-VI", "Z2000000347", TEN_RU, TEN_KK),
    "139-VII": ("12.07.2022", "139-VII", "Z2200000139", SIXTY_RU, SIXTY_KK),
    "188-VII": ("03.01.2023", "188-VII", "Z2300000188", SIXTY_RU, SIXTY_KK),
    "23-VIII": ("12.07.2023", "23-VIII", "Z2300000023", SIXTY_RU, SIXTY_KK),
    "44-VIII": ("11.12.2023", "44-VIII", "Z2300000044", SIXTY_RU, SIXTY_KK),
    "210-VIII": ("16.07.2025", "210-VIII", "Z2500000210", SIXTY_RU, SIXTY_KK),
}  # fmt: skip


def ru(opening: str, *names: str, plural: bool | None = None) -> list[object]:
    """«Сноска. {opening} Законом РК от D № N (F).» with the number as a link; several laws are joined by `; от`."""
    many = len(names) > 1 if plural is None else plural
    pieces: list[object] = []
    text = f"Сноска. {opening} {'законами' if many else 'Законом'} РК от "
    for position, name in enumerate(names):
        day, number, act_id, force, _ = LAWS[name]
        pieces += [text + day + " ", (f"№ {number}", f"/rus/docs/{act_id}#z{10 + position}")]
        text = f" ({force}); от "
        if position == len(names) - 1:
            pieces.append(f" ({force}).")
    return pieces


def ru_restated(opening: str, name: str) -> list[object]:
    """«Сноска. {opening} в редакции Закона РК от D № N (F).»"""
    day, number, act_id, force, _ = LAWS[name]
    return [f"Сноска. {opening} в редакции Закона РК от {day} ", (f"№ {number}", f"/rus/docs/{act_id}#z3"),
            f" ({force})."]  # fmt: skip


def kk(opening: str, *names: str) -> list[object]:
    """«Ескерту. {opening} - ҚР D № N (F) Заңымен.», several laws: `; D № N (F) заңдарымен.`"""
    pieces: list[object] = []
    text = f"Ескерту. {opening} - ҚР "
    for position, name in enumerate(names):
        day, number, act_id, _, force = LAWS[name]
        pieces += [text + day + " ", (f"№ {number}", f"/kaz/docs/{act_id}#z{10 + position}")]
        text = f" ({force}); "
        if position == len(names) - 1:
            pieces.append(f" ({force}) {'заңдарымен' if len(names) > 1 else 'Заңымен'}.")
    return pieces
