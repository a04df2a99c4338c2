"""Where a defect happened, for a log: its words may be a draft's, its places are the code's."""

import traceback
from pathlib import PurePath

MOST_FRAMES = 12
MOST_CAUSES = 4


def frames_of(error: BaseException) -> str:
    """Return an error's type and places, and those of its causes, as one line without any message.

    A message may hold what the code was working on: pydantic's repeats its input, a `KeyError`'s is the key.
    """
    told, seen = [], error
    for _ in range(MOST_CAUSES):
        frames = traceback.extract_tb(seen.__traceback__)[-MOST_FRAMES:]
        places = " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
        told.append(f"{type(seen).__name__} at {places or 'no place'}")
        cause = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        if cause is None:
            break
        seen = cause
    return "; because of ".join(told)


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-2:])
