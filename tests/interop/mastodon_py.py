"""Drives Mastodon.py for tests/interop/mastodon-py.test.ts: one JSON object a line in, one out."""
import json
import sys

from mastodon import Mastodon, StreamListener

api = None
events = []


class Listener(StreamListener):
    def on_update(self, status):
        events.append(["update", status["content"]])

    def on_notification(self, notification):
        events.append(["notification", notification["type"]])

    def on_delete(self, status_id):
        events.append(["delete", str(status_id)])


def run(call, words, named):
    global api
    if call == "create_app":
        return list(Mastodon.create_app(*words, **named))
    if call == "connect":
        api = Mastodon(**named)
        return None
    if call == "listen":
        api.stream_user(Listener(), run_async=True)
        return None
    if call == "events":
        return events
    if call == "next":
        return api.fetch_next(run(named["of"], named["words"], {}))
    return getattr(api, call)(*words, **named)


for line in sys.stdin:
    asked = json.loads(line)
    try:
        answer = {"value": run(asked["call"], asked.get("words", []), asked.get("named", {}))}
    except Exception as error:  # what went wrong is for the test to judge
        answer = {"error": type(error).__name__ + ": " + str(error)}
    print(json.dumps(answer, default=str), flush=True)
