"""How days and hours are written, one form a language, wherever Django writes them (`FORMAT_MODULE_PATH`)."""
