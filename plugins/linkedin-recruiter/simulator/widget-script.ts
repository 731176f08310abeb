/**
 * What a page includes: makes a frame of each widget element, and hands what is pressed inside to the functions that the
 * element names (LinkedIn sheet §3, §8).
 */
export const WIDGET_SCRIPT = `(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const settings = Object.fromEntries(script.textContent.split('\\n').map((line) => {
    const at = line.indexOf(':');
    return at < 0 ? ['', ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }));
  const elements = new Map();
  const call = (name, value) => {
    const named = name && name.split('.').reduce((held, part) => held && held[part], window);
    if (typeof named === 'function') named(value);
  };
  const address = (path, values) => {
    const url = new URL(path, base);
    const given = Object.entries({ api_key: settings.api_key, origin: location.origin, ...values });
    for (const [name, value] of given) if (value !== undefined) url.searchParams.set(name, value);
    return url.href;
  };
  const show = (element) => {
    if ([...elements.values()].includes(element)) return;
    const { dataset } = element;
    const isProfile = element.getAttribute('type') === 'IN/HcmWidget';
    const frame = document.createElement('iframe');
    frame.title = isProfile ? 'LinkedIn profile' : 'LinkedIn onboarding';
    frame.width = dataset.width || '100%';
    frame.height = '420';
    frame.style.border = '0';
    frame.src = isProfile
      ? address('/xdoor/widgets/profile', {
          candidate: dataset.atsCandidateId,
          context: dataset.integrationContext,
          unlink: dataset.showUnlinkUrl,
          confirm: dataset.confirmUnlink,
        })
      : address('/xdoor/widgets/onboarding', {});
    elements.set(frame, element);
    element.after(frame);
  };
  const parse = () => {
    for (const element of document.querySelectorAll('[type="IN/HcmWidget"], [type="IN/ATSIntegrationWidget"]')) show(element);
  };
  addEventListener('message', ({ origin, source, data }) => {
    const found = [...elements].find(([frame]) => frame.contentWindow === source);
    if (!found || origin !== base || !data) return;
    const { dataset } = found[1];
    if (data.kind === 'link') call(dataset.onlink, data.member);
    if (data.kind === 'unlink' && (dataset.confirmUnlink !== 'true' || confirm('Unlink this profile?'))) {
      call(dataset.onunlink, data.member);
    }
    if (data.kind === 'integrate') call(dataset.onintegrate, data.integrations);
  });
  window.IN = { parse };
  document.addEventListener('DOMContentLoaded', parse);
  parse();
  new MutationObserver(parse).observe(document.documentElement, { childList: true, subtree: true });
})();
`;

/** What runs inside such a frame. */
export const FRAME_SCRIPT = `(() => {
  const tell = (message) => parent.postMessage(message, '*');
  for (const button of document.querySelectorAll('[data-action]')) {
    button.addEventListener('click', () => tell({ kind: button.dataset.action, member: button.dataset.member }));
  }
  const picked = document.querySelector('[data-integrations]');
  if (picked) tell({ kind: 'integrate', integrations: JSON.parse(picked.dataset.integrations) });
})();
`;
