"""A partner's API: requests go out, answers come in, each as a table says (``mappings/PARTNER/api.toml``).

    credentials.py            who we are to it: from the environment or the system's keyring, never shown
    client.py                 a request sent, and sent again where that is right; pages; deeds proved when no answer came
    http.py                   the one place that opens a connection
    seller.py simulated.py    a seller API to try everything against, on this machine only

Nothing here knows a partner, an order or the exchange: bodies are made and read by ``bodies``, and what is sent when, is the
exchange's matter.
"""
