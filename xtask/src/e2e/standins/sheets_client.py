"""google-auth with gspread and google-api-python-client against the sandbox's stand-in. One line of JSON a check."""

import json
import os
import time
import urllib.request

import google.auth.exceptions
import google.auth.jwt
import google.auth.transport.requests
import gspread
import gspread.http_client
import gspread.urls
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

URL = os.environ["SANDBOX_URL"]
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
RAW, TYPED = gspread.utils.ValueInputOption.raw, gspread.utils.ValueInputOption.user_entered

# Their endpoint is written into the module.
for module in (gspread.urls, gspread.http_client):
    for name in [name for name in vars(module) if name.isupper()]:
        value = getattr(module, name)
        if isinstance(value, str) and value.startswith("https://sheets.googleapis.com"):
            setattr(module, name, value.replace("https://sheets.googleapis.com", URL + "/google"))


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=data, method=method, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


ACCOUNT = ask("GET", "/google/service-account.json")


def credentials(account=ACCOUNT, scope=SCOPE):
    return service_account.Credentials.from_service_account_info(account, scopes=[scope])


def raises(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def book(*sheets):
    return ask("POST", "/api/google/sheets", {"title": "Orders", "sheets": list(sheets)})["id"]


def opened(identity=None):
    return gspread.authorize(credentials()).open_by_key(identity or book("orders"))


def service(scope=SCOPE):
    made = build("sheets", "v4", credentials=credentials(scope=scope), static_discovery=True,
                 client_options={"api_endpoint": URL + "/google/"})
    return made.spreadsheets()


def a_signed_claim_becomes_a_token():
    held = credentials()
    held.refresh(google.auth.transport.requests.Request())
    assert held.token and held.valid, held


def a_claim_by_another_key_or_for_another_time_is_refused():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    stranger = credentials({**ACCOUNT, "private_key": pem.decode()})
    request = google.auth.transport.requests.Request()
    assert "Invalid JWT Signature" in str(raises(google.auth.exceptions.RefreshError, lambda: stranger.refresh(request)))
    signer = credentials().signer
    now = int(time.time())
    good = {"iss": ACCOUNT["client_email"], "scope": SCOPE, "aud": ACCOUNT["token_uri"], "iat": now, "exp": now + 600}
    for change, why in [({"iat": now - 9000, "exp": now - 5400}, "short-lived token"), ({"aud": "https://example.com"}, "audience"),
                        ({"exp": now + 9000}, "short-lived token"), ({"iss": "somebody@example.com"}, "account not found")]:
        claim = google.auth.jwt.encode(signer, {**good, **change}).decode()
        form = f"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={claim}".encode()
        error = raises(urllib.error.HTTPError, lambda: urllib.request.urlopen(ACCOUNT["token_uri"], data=form))
        body = json.load(error)
        assert error.code == 400 and body["error"] == "invalid_grant" and why in body["error_description"], body


def rows_are_appended_and_read():
    sheet = opened().worksheet("orders")
    sheet.append_row(["time", "customer", "amount"], value_input_option=RAW, insert_data_option="INSERT_ROWS")
    done = sheet.append_rows([["1", "Aragvi", 10.5], ["2", "", True]], value_input_option=RAW, table_range="A1")
    assert done["tableRange"] == "orders!A1:C1" and done["updates"]["updatedRange"] == "orders!A2:C3", done
    assert sheet.get_all_values() == [["time", "customer", "amount"], ["1", "Aragvi", "10.5"], ["2", "", "TRUE"]]
    assert sheet.get("A2:C2", value_render_option="UNFORMATTED_VALUE") == [["1", "Aragvi", 10.5]]
    assert sheet.col_values(2) == ["customer", "Aragvi"] and sheet.find("Aragvi").address == "B2"
    assert sheet.get_all_records()[0]["customer"] == "Aragvi"


def formulas_stay_text_unless_typed():
    sheet = opened().sheet1
    sheet.update([["=1+1", "+995"]], "A1", value_input_option=RAW)
    sheet.update([["=IMPORTXML(1)", "0123"]], "A2", value_input_option=TYPED)
    assert sheet.get("A1:B2") == [["=1+1", "+995"], ["#NAME?", "123"]], sheet.get("A1:B2")
    assert sheet.get("A2", value_render_option="FORMULA") == [["=IMPORTXML(1)"]]
    view = ask("GET", f"/api/google/sheets/{sheet.spreadsheet.id}")
    assert [row[0][0] for row in view["sheets"][0]["rows"]] == ["text", "formula"], view


def cells_are_changed_and_emptied():
    sheet = opened().sheet1
    sheet.update([[1, 2], [3, 4]], "B2:C3")
    sheet.batch_update([{"range": "B2", "values": [["x"]]}, {"range": "C3", "values": [["y"]]}])
    assert sheet.batch_get(["B2:C2", "B3:C3"]) == [[["x", "2"]], [["3", "y"]]]
    sheet.batch_clear(["B2:B3"])
    assert sheet.get_all_values() == [["", "", ""], ["", "", "2"], ["", "", "y"]], sheet.get_all_values()
    sheet.clear()
    assert sheet.get_all_values() in ([], [[]])


def sheets_come_and_go():
    held = opened()
    held.add_worksheet("May 2026", rows=20, cols=5)
    held.worksheet("May 2026").append_row(["x"])
    assert [sheet.title for sheet in held.worksheets()] == ["orders", "May 2026"]
    held.del_worksheet(held.worksheet("orders"))
    assert [sheet.title for sheet in held.worksheets()] == ["May 2026"]


def errors_are_googles():
    gone = raises(gspread.exceptions.SpreadsheetNotFound, lambda: opened("no-such-book"))
    assert gone is not None
    held = opened()
    wrong = raises(gspread.exceptions.APIError, lambda: held.values_get("nowhere!A1"))
    assert wrong.response.json()["error"]["status"] == "INVALID_ARGUMENT" and "Unable to parse range" in str(wrong)
    beyond = raises(gspread.exceptions.APIError, lambda: held.values_get("orders!A2000"))
    assert "exceeds grid limits" in str(beyond)
    ask("POST", f"/api/google/sheets/{held.id}/share", {"on": False})
    raises(PermissionError, lambda: opened(held.id))


def the_discovery_client_writes_too():
    values, identity = service().values(), book("orders")
    body = {"values": [["a", 1], ["=b", None]]}
    done = values.append(spreadsheetId=identity, range="orders!A1", valueInputOption="RAW",
                         insertDataOption="INSERT_ROWS", body=body).execute()
    assert done["updates"]["updatedCells"] == 3, done
    got = values.batchGet(spreadsheetId=identity, ranges=["orders!A:A", "orders!B1"]).execute()
    assert [part.get("values") for part in got["valueRanges"]] == [[["a"], ["=b"]], [["1"]]], got
    read_only = service("https://www.googleapis.com/auth/spreadsheets.readonly").values()
    refused = raises(HttpError, lambda: read_only.append(spreadsheetId=identity, range="A1", valueInputOption="RAW", body=body).execute())
    assert refused.status_code == 403 and "insufficient authentication scopes" in str(refused), refused
    missing = raises(HttpError, lambda: values.append(spreadsheetId=identity, range="A1", body=body).execute())
    assert "valueInputOption" in str(missing)


def an_append_whose_answer_is_lost_was_done():
    values, identity = service().values(), book("orders")
    ask("POST", "/api/google/faults", {"kind": "lost_reply", "path": ":append"})
    body = {"values": [["order-1"]]}
    append = lambda: values.append(spreadsheetId=identity, range="A1", valueInputOption="RAW", body=body).execute(num_retries=0)
    raises(Exception, append)
    ask("DELETE", "/api/google/faults")
    # The transport below the client sends it again by itself: as many rows as there were requests.
    rows = values.get(spreadsheetId=identity, range="A:A").execute()["values"]
    calls = ask("GET", "/api/google/requests?limit=10000")["requests"]
    lost = [call for call in calls if identity in call["path"] and ":append" in call["path"]]
    assert len(rows) == len(lost) > 0 and all(call["done"] and call["status"] == 0 for call in lost), (rows, lost)
    ask("POST", "/api/google/faults", {"kind": "server_error", "status": 503, "times": 1})
    assert raises(HttpError, append).status_code == 503
    assert values.get(spreadsheetId=identity, range="A:A").execute()["values"] == rows


def the_quota_ends():
    ask("POST", "/api/google/quota", {"reads_per_minute": None, "writes_per_minute": 2})
    sheet = opened().sheet1
    sheet.append_row(["1"])
    sheet.append_rows([["2"], ["3"]])
    over = raises(gspread.exceptions.APIError, lambda: sheet.append_row(["4"])).response
    assert over.status_code == 429 and over.json()["error"]["status"] == "RESOURCE_EXHAUSTED", over.text
    assert len(sheet.get_all_values()) == 3
    calls = ask("GET", "/api/google/requests?limit=10000")["requests"]
    assert calls[-2]["status"] == 429 and not calls[-2]["done"]


ask("POST", "/api/google/quota", {"reads_per_minute": None, "writes_per_minute": None})
for check in [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"]:
    if check.__name__ in ("ask", "credentials", "raises", "book", "opened", "service"):
        continue
    try:
        check()
        print(json.dumps({"check": check.__name__, "ok": True}), flush=True)
    except Exception as error:  # Whatever a client throws is the finding.
        print(json.dumps({"check": check.__name__, "ok": False, "why": f"{type(error).__name__}: {error}"[:600]}), flush=True)
    ask("DELETE", "/api/google/faults")
