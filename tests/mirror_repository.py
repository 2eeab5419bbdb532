"""Repositories laid out as those of the kazakhstan-law mirror, made by the tests with composed wording."""
# ruff: noqa: E501

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FOLDER = "02-codes/2014/0703-ugolovnyi-kodeks-81097"
META = """act_code: '81097'
requisite: Кодекс Республики Казахстан от 3 июля 2014 года № 226-V ЗРК
title:
  rus: Уголовный кодекс (образец)
  kaz: Қылмыстық кодекс (үлгі)
version_date:
  kaz: {day}
  rus: {day}
source:
  kaz: https://zan.gov.kz/client/#!/doc/81097/kaz
  rus: https://zan.gov.kz/client/#!/doc/81097/rus
caused_by:
  code: '1'
  requisite: Закон Республики Казахстан от 12 июля 2018 года № 180-VI
"""
RUS = """# УГОЛОВНЫЙ КОДЕКС (ОБРАЗЕЦ)

## Глава 1. УГОЛОВНЫЕ ПРАВОНАРУШЕНИЯ ПРОТИВ ЛИЧНОСТИ

<a id="st115"></a>

### Статья 115. Угроза

1. Угроза человеку –

   карается штрафом в размере до {fine} месячных расчетных показателей.

> *Сноска. Статья 115 с изменением, внесенным [Законом](https://zan.gov.kz/) РК от 12.07.2018 № 180-VI (вводится в действие с 01.08.2018).*

> *Примечание. Угрозой считается и намек.*

| № | Срок |
|---|---|
| 1 | год |
| 2 | два \\| три |
"""
KAZ = """# ҚЫЛМЫСТЫҚ КОДЕКС (ҮЛГІ)

## 1-тарау. ЖЕКЕ АДАМҒА ҚАРСЫ ҚЫЛМЫСТЫҚ ҚҰҚЫҚ БҰЗУШЫЛЫҚТАР

<a id="st115"></a>

**115-бап. Қорқыту**

1. Адамды қорқыту – жазаланады.

   > *Ескерту. Ишара да қорқыту деп танылады.*
"""


def git(folder: Path, *arguments: str) -> None:
    identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "mirror"), ("EMAIL", "mirror@example.org"))}  # fmt: skip
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=os.environ | identity)


def commit(folder: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
