"""What leads are told at once: that something in a project moved, never what or by whom.

Experts' streams stay silent but for the keep-alive: another expert's save must not be felt.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WAITING = 100
"""Events that a slow listener may lag behind; then its stream ends and the page asks anew."""


@dataclass
class Bus:
    """Hands events to the listeners of this process."""

    listeners: dict[asyncio.Queue[str | None], frozenset[str]] = field(default_factory=dict)

    @contextmanager
    def listen(self, projects: Iterable[str]) -> Iterator[asyncio.Queue[str | None]]:
        """Open a queue that receives the names of these projects when they move."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(WAITING)
        self.listeners[queue] = frozenset(projects)
        try:
            yield queue
        finally:
            self.listeners.pop(queue, None)

    def moved(self, project: str) -> None:
        """Tell the project's leads; call it only after the commit."""
        for queue, projects in list(self.listeners.items()):
            if project not in projects:
                continue
            if queue.full():
                self.listeners.pop(queue, None)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(project)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        for queue in list(self.listeners):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
        self.listeners.clear()


async def stream(queue: asyncio.Queue[str | None]) -> AsyncIterator[str]:
    """Yield the names of projects that moved until the stream is to end."""
    while (project := await queue.get()) is not None:
        yield project
