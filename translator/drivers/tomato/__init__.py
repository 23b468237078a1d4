"""Tomato routers: FreshTomato and Shibby builds, Tomato64, and the builds before them."""

from translator.drivers.tomato.driver import Tomato, Tomato64, TomatoOld

__all__ = ["Tomato", "Tomato64", "TomatoOld"]
