"""The course as a website: `python -m helpers.site` builds it. Needs `pip install -r helpers/site/requirements.txt`."""
