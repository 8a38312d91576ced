"""Several writers at once, each with a connection of its own."""

import threading

from django.db import connection


def together(*jobs):
    """Run every job in a thread and a connection of its own, started by one barrier; return what they raised."""
    barrier = threading.Barrier(len(jobs))
    raised = []

    def run(job):
        try:
            barrier.wait()
            job()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
