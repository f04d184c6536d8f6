"""What a page looks like first is what it looks like: no colour is on its way when it is shown, whatever comes late."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

pytestmark = pytest.mark.django_db(transaction=True)

# Styles are read while only the first sheet is there, as a browser does that paints early; then colours at each stage of loading.
WATCHED = """
window.seen = {};
window.colours = () => [...document.querySelectorAll('a, button, summary, input')].map(one => {
  const style = getComputedStyle(one);
  return [style.color, style.backgroundColor, style.borderTopColor, style.textDecorationColor].join();
});
const reading = setInterval(() => colours().length, 5);
document.addEventListener('DOMContentLoaded', () => { seen.parsed = colours(); });
addEventListener('load', () => { clearInterval(reading); seen.loaded = colours(); });
"""
MOVING = "document.getAnimations().filter(one => one instanceof CSSTransition).length"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_no_colour_changes_once_a_page_is_there(live_server, browser: Browser, motion):
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion=motion)
    page = context.new_page()
    page.add_init_script(WATCHED)
    page.route("**/zhengyou*.css", lambda route: (time.sleep(0.3), route.continue_()))
    page.goto(live_server.url + reverse("public-find"))
    assert page.evaluate(MOVING) == 0
    page.wait_for_timeout(400)
    final = page.evaluate("colours()")
    assert len(final) > 10
    assert page.evaluate("seen") == {"parsed": final, "loaded": final}
    context.close()
