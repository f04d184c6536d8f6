"""What somebody hears who does not see the page, each as a list of what is wrong: empty when all is well. What is seen is in `looking`."""

from collections.abc import Callable

from playwright.sync_api import Page

# What a thing is called where it is read out by itself, and among which it stands: its row, its item, its definition.
CALLED = r"""
  const plain = text => text.replace(/\s+/g, ' ').trim();
  const heard = one => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll('[aria-hidden=true], script, style').forEach(part => part.remove());
    copy.querySelectorAll('[aria-label]').forEach(part => part.replaceWith(` ${part.getAttribute('aria-label')} `));
    return plain(copy.textContent);
  };
  const named = ids => plain((ids ?? '').split(' ').map(id => document.getElementById(id)?.textContent ?? '').join(' '));
  const called = one => named(one.getAttribute('aria-labelledby')) || one.getAttribute('aria-label')
    || one.getAttribute('alt') || heard(one);
  const isHeard = one => one.checkVisibility({visibilityProperty: true}) && !one.closest('[aria-hidden=true]');
  const all = chosen => [...document.querySelectorAll(chosen)].filter(isHeard);
  const among = one => {
    const around = one.closest('tr, li, dd');
    const head = around?.matches('tr') && around.querySelector('th');
    const cell = one.closest('td');
    const words = !around ? '' : head && !head.contains(one) ? `${heard(head)} ${cell ? heard(cell) : ''}` : heard(around);
    return `${words} ${named(one.getAttribute('aria-describedby'))}`;
  };
"""

# A list of links is read without the page around them. Menus and filters say by their names what their links are of.
ALIKE = f"""() => {{ {CALLED}
  const places = {{}};
  for (const one of all('main a[href]:not(nav *)')) (places[`${{called(one)}} | ${{among(one)}}`] ??= new Set()).add(one.href);
  for (const one of all('main button:not(nav *)')) {{
    const leads = `${{one.formAction}} ${{one.name}} ${{one.value}} ${{one.form?.action}} ${{heard(one.form ?? one)}}`;
    (places[`${{called(one)}} | ${{among(one)}}`] ??= new Set()).add(leads);
  }}
  return Object.entries(places).filter(([, to]) => to.size > 1).map(([name]) => name.slice(0, 120));
}}"""

# A number says nothing of what it counts.
NAMELESS = f"""() => {{ {CALLED}
  const spoken = all('main :is(a[href]:not([href^="tel:"]), button, summary):not(nav *)');
  return spoken.filter(one => !/\\p{{L}}/u.test(called(one))).map(one => one.outerHTML.slice(0, 120));
}}"""

HEADLESS = f"""() => {{ {CALLED}
  return all('table').filter(one => one.rows.length > 1).flatMap(table => [...table.tBodies].flatMap(body => [...body.rows]))
    .filter(row => !row.querySelector('th') && !row.parentElement.querySelector('th[scope=rowgroup]'))
    .map(row => row.outerHTML.slice(0, 120)).slice(0, 5);
}}"""

TWICE = f"""() => {{ {CALLED}
  const whole = one => one.parentElement.closest('a, button, label, th, td, p, h1, h2, h3, summary');
  return all('.unseen').filter(one => heard(one).length > 1 && whole(one))
    .filter(one => {{
      const copy = whole(one).cloneNode(true);
      copy.querySelectorAll('.unseen, [aria-hidden=true]').forEach(part => part.remove());
      return plain(copy.textContent).includes(heard(one));
    }}).map(one => one.parentElement.outerHTML.slice(0, 120));
}}"""

# What must be filled in is not wrong before anybody has filled it in, though browsers say so of choices and days.
WRONG_ALREADY = """() => [...document.querySelectorAll('main :is(input, select):invalid')]
  .filter(one => !one.hasAttribute('aria-invalid') && !['text', 'search', 'password', 'email', 'tel', 'number'].includes(one.type))
  .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""

# Words of two parts of a line that nothing divides are read as one.
JOINED = f"""() => {{ {CALLED}
  const found = [];
  for (const one of all('main :is(a, button, summary, legend, label, h1, h2, h3, h4, dt, dd, td, th, p, li)')) {{
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    for (let before = '', holder = null, text = texts.nextNode(); text; text = texts.nextNode()) {{
      const style = getComputedStyle(text.parentElement);
      if (!text.data || !isHeard(text.parentElement)) continue;
      const inline = style.display.startsWith('inline') || text.parentElement.contains(holder);
      if (holder && inline && holder !== text.parentElement && !one.querySelector('br')
          && /[\\p{{sc=Latin}}\\d]$/u.test(before) && /^[\\p{{sc=Latin}}\\d]/u.test(text.data)
          && text.parentElement.closest('sup, sub') === null && holder.closest('sup, sub') === null)
        found.push(`${{before.slice(-30)}}/${{text.data.slice(0, 30)}}`);
      [before, holder] = [text.data, text.parentElement];
    }}
  }}
  return [...new Set(found)].slice(0, 5);
}}"""

# What is wrong in a form is heard at its field, which says that it is wrong, and is heard at once where it is not of one field.
FAULTS = f"""() => {{ {CALLED}
  const found = all('main [aria-invalid=true]').filter(one => !named(one.getAttribute('aria-describedby')
    || one.closest('fieldset')?.getAttribute('aria-describedby')));
  const isTold = one => one.closest('[role=alert]') || all('main [aria-describedby]').some(field =>
    field.getAttribute('aria-describedby').split(' ').some(id => document.getElementById(id)?.contains(one)));
  return [...found, ...all('main form .error').filter(one => !isTold(one))].map(one => one.outerHTML.slice(0, 120));
}}"""

STEPS = f"""() => {{ {CALLED}
  const found = [], heads = all('h1, h2, h3, h4, h5, h6');
  heads.forEach((one, n) => {{
    const before = n ? Number(heads[n - 1].tagName[1]) : 0;
    if (Number(one.tagName[1]) > before + 1 || !called(one)) found.push(one.outerHTML.slice(0, 120));
  }});
  const places = {{}};
  for (const one of all('nav, aside, search, [role=search], section[aria-label], section[aria-labelledby]')) {{
    const own = named(one.getAttribute('aria-labelledby')) || (one.getAttribute('aria-label') ?? '');
    const name = `${{one.getAttribute('role') ?? one.tagName}} ${{own}}`;
    places[name] = (places[name] ?? 0) + 1;
  }}
  return [...found, ...Object.keys(places).filter(name => places[name] > 1)];
}}"""


def _finds(script: str) -> Callable[[Page], list[str]]:
    def check(page: Page) -> list[str]:
        found: list[str] = page.evaluate(script)
        return found

    return check


CHECKS = {
    "of one name to several places": _finds(ALIKE),
    "a link without a word": _finds(NAMELESS),
    "a row without a head": _finds(HEADLESS),
    "said twice": _finds(TWICE),
    "called wrong before it was filled in": _finds(WRONG_ALREADY),
    "two words read as one": _finds(JOINED),
    "wrong and not heard": _finds(FAULTS),
    "headings and places": _finds(STEPS),
}
