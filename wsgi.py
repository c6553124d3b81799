"""The console for a WSGI server: ``gunicorn wsgi:app``, which is what ``yihaotong serve`` does."""

from admin_app.application import create_app
from admin_app.settings import load_settings

app = create_app(load_settings())
