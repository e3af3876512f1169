"""OpenAI's own client for Python against the sandbox's stand-in. Prints one line of JSON a check."""

import json
import os
import urllib.request

import openai

URL = os.environ["SANDBOX_URL"]
SCHEMA = {
    "type": "object",
    "properties": {
        "customer": {"type": "string", "enum": ["c1", "c2"]},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"product": {"type": "string"}, "amount": {"type": "number"}, "note": {"type": ["string", "null"]}},
                "required": ["product", "amount", "note"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["customer", "items"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "order", "strict": True, "schema": SCHEMA}}
ORDER = {"customer": "c2", "items": [{"product": "ribs", "amount": 10.5, "note": None}]}
USER = [{"role": "system", "content": "Read the order."}, {"role": "user", "content": "Aragvi 10.5 kg ribs"}]


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=data, method=method, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def script(**fields):
    return ask("POST", "/api/openai/scripts", {"times": 1, **fields})["id"]


def client(**fields):
    settings = {"api_key": KEY, "base_url": URL + "/openai/v1", "max_retries": 0, "timeout": 20, **fields}
    return openai.OpenAI(**settings)


def complete(on=None, **fields):
    return (on or client()).chat.completions.create(**{"model": "gpt-4.1-mini", "messages": USER, **fields})


def raises(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def an_order_comes_back_in_the_schema():
    script(match="ribs", kind="json", json=ORDER)
    done = complete(response_format=FORMAT)
    assert json.loads(done.choices[0].message.content) == ORDER, done
    assert done.choices[0].finish_reason == "stop" and done.choices[0].message.refusal is None
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens > 0


def nothing_scripted_is_the_least_that_fits():
    assert json.loads(complete(response_format=FORMAT).choices[0].message.content) == {"customer": "c1", "items": []}


def an_answer_out_of_the_schema_never_leaves():
    script(kind="json", json={"customer": "c9", "items": []})
    error = raises(openai.InternalServerError, lambda: complete(response_format=FORMAT))
    assert error.code == "answer_misfits_schema", error


def an_open_schema_is_refused():
    schema = {**SCHEMA, "required": ["customer"]}
    form = {"type": "json_schema", "json_schema": {"name": "order", "strict": True, "schema": schema}}
    error = raises(openai.BadRequestError, lambda: complete(response_format=form))
    assert error.param == "response_format" and "Missing 'items'" in str(error), error
    schema = {key: value for key, value in SCHEMA.items() if key != "additionalProperties"}
    form["json_schema"]["schema"] = schema
    assert "'additionalProperties' is required" in str(raises(openai.BadRequestError, lambda: complete(response_format=form)))


def a_wrong_key_is_refused():
    error = raises(openai.AuthenticationError, lambda: complete(client(api_key="sk-not-the-one")))
    assert error.code == "invalid_api_key" and error.status_code == 401, error


def a_model_that_was_shut_down_is_not_found():
    error = raises(openai.NotFoundError, lambda: complete(model="gpt-3.5-turbo-0301"))
    assert error.code == "model_not_found", error
    names = [model.id for model in client().models.list()]
    assert "gpt-4.1-mini" in names and client().models.retrieve("gpt-5").id == "gpt-5"


def a_rate_limit_says_when_and_is_tried_again():
    script(kind="rate_limit", retry_after=0)
    script(kind="text", text="after all")
    done = complete(client(max_retries=2))
    assert done.choices[0].message.content == "after all"
    script(kind="rate_limit", retry_after=7)
    error = raises(openai.RateLimitError, complete)
    headers = error.response.headers
    assert headers["retry-after"] == "7" and headers["x-ratelimit-remaining-requests"] == "0", headers
    assert error.code == "rate_limit_exceeded", error


def no_money_is_told_apart():
    script(kind="insufficient_quota")
    assert raises(openai.RateLimitError, complete).code == "insufficient_quota"


def servers_fail():
    for status in (500, 503):
        script(kind="server_error", status=status)
        assert raises(openai.InternalServerError, complete).status_code == status
    script(kind="garbage")
    assert raises(openai.InternalServerError, complete).status_code == 502
    script(kind="cut")
    raises(openai.APIConnectionError, complete)
    script(kind="timeout")
    raises(openai.APITimeoutError, lambda: complete(client(timeout=0.5)))


def a_refusal_and_a_cut_answer_are_seen():
    script(kind="refusal", text="I cannot help with that.")
    message = complete(response_format=FORMAT).choices[0].message
    assert message.content is None and message.refusal == "I cannot help with that."
    script(kind="length", text='{"customer": "c1", "it')
    assert complete(response_format=FORMAT).choices[0].finish_reason == "length"
    script(kind="text", text="word " * 100)
    short = complete(max_completion_tokens=5).choices[0]
    assert short.finish_reason == "length" and len(short.message.content) <= 20


def a_stream_comes_in_pieces():
    script(kind="text", text="Two kilograms of ribs, and the tea.")
    parts, usage, finish = [], None, None
    for chunk in complete(stream=True, stream_options={"include_usage": True}):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            parts.append(choice.delta.content or "")
            finish = choice.finish_reason or finish
    assert "".join(parts) == "Two kilograms of ribs, and the tea." and len(parts) > 3, parts
    assert finish == "stop" and usage.total_tokens > 0


def tools_are_called():
    script(kind="tool_calls", calls=[{"name": "find", "arguments": {"name": "ribs"}}])
    tools = [{"type": "function", "function": {"name": "find", "parameters": {"type": "object", "properties": {}}}}]
    choice = complete(tools=tools).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert json.loads(choice.message.tool_calls[0].function.arguments) == {"name": "ribs"}


def every_request_is_written_down():
    asked = ask("GET", "/api/openai/requests?limit=1000")["requests"]
    assert asked[0]["user"] == "Aragvi 10.5 kg ribs" and asked[0]["script"] == 1 and asked[0]["status"] == 200
    assert {entry["status"] for entry in asked} >= {200, 400, 404, 429, 500, 503, 0}


KEY = ask("GET", "/api/openai")["key"]
for check in [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"]:
    if check.__name__ in ("ask", "script", "client", "complete", "raises"):
        continue
    try:
        check()
        print(json.dumps({"check": check.__name__, "ok": True}), flush=True)
    except Exception as error:  # Whatever a client throws is the finding.
        print(json.dumps({"check": check.__name__, "ok": False, "why": f"{type(error).__name__}: {error}"[:600]}), flush=True)
    ask("DELETE", "/api/openai/scripts")
