"""Says in one clear message why a database refused, and never shows a password."""

from __future__ import annotations

import re

from planner.errors import OutputError, Problem

NOT_ADMITTED = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist"
    r"|认证失败|认证|口令|密码|角色",
    re.IGNORECASE,
)
NO_DATABASE = re.compile(r"database .* does not exist|数据库.*不存在", re.IGNORECASE)
BY_STATE = {
    "42501": (
        "E-OUT-047",
        "the user may not make schemas in this database (无权在该数据库中建模式)",
        "let its owner run GRANT CREATE ON DATABASE ... TO the user, or use another user",
    ),
    "2BP01": (
        "E-OUT-048",
        "others' views or tables depend on the earlier export, kept (有其他对象依赖，未覆盖)",
        "drop them first, or name a new schema with ?schema=NAME",
    ),
    "28P01": (
        "E-OUT-043",
        "the user or the password is refused (用户名或密码被拒绝)",
        "check the user, and set PGPASSWORD or ~/.pgpass",
    ),
    "3D000": (
        "E-OUT-045",
        "there is no such database (没有这个数据库)",
        "create it, or correct its name in --to",
    ),
}
NO_SERVER = (
    "E-OUT-045",
    "no PostgreSQL server answers there (连接不上数据库服务器)",
    "check host, port and firewall, and that the server runs",
)
OTHER = (
    "E-OUT-049",
    "the database refused the plan",
    "read the message; the database is as it was",
)


def refusal(error: Exception, place: str, password: object) -> OutputError:
    """Return the refusal that explains what a database or its driver said.

    Parameters
    ----------
    error
        What was raised.
    place
        The database, without its password.
    password
        Taken out of whatever the driver says; ``None`` if there is none.
    """
    origin = getattr(error, "orig", None) or error
    said = _clean(str(origin), password)
    code, reason, remedy = _kind(origin, said)
    return OutputError(Problem(code, f"{reason}: {said}", remedy, file=place))


def _kind(origin: object, said: str) -> tuple[str, str, str]:
    state = getattr(origin, "sqlstate", None)
    if state in BY_STATE:
        return BY_STATE[state]
    if state is None and type(origin).__name__ in {"OperationalError", "ConnectionTimeout"}:
        if NO_DATABASE.search(said):
            return BY_STATE["3D000"]
        return BY_STATE["28P01"] if NOT_ADMITTED.search(said) else NO_SERVER
    return OTHER


def _clean(said: str, password: object) -> str:
    """Return the first line of a message without the password."""
    line = said.strip().splitlines()[0] if said.strip() else "no reason given"
    return line.replace(str(password), "***") if password else line
