/** What runs in the stand-in page: plain requests to the API, and the network's widgets as the API describes them. */
export const NETWORK_PAGE_SCRIPT = `(async () => {
  const main = document.getElementById('main');
  const overrides = JSON.parse(document.getElementById('overrides').textContent);
  const asked = new URLSearchParams(location.search);
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const show = (...parts) => main.append(...parts);
  const counted = (count, word) => count + ' ' + word + (count === 1 ? '' : 's');

  const identity = asked.get('user') ? { userId: asked.get('user'), roles: ['RECRUITER'] } : {};
  const json = { 'content-type': 'application/json' };
  const { token } = await (await fetch('/dev/token', { method: 'POST', headers: json, body: JSON.stringify(identity) })).json();
  const ask = async (query, variables = {}) => {
    const headers = { ...json, authorization: 'Bearer ' + token };
    const { data, errors } = await (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json();
    if (errors) throw new Error(errors[0].message);
    return data;
  };

  const WIDGET = 'widget: WIDGET { scriptUrl scriptSettings { name value } elementType attributes { name value } callbacks { attribute event } }';
  const embed = (widget, actions) => {
    const here = element('script');
    const url = new URL(widget.scriptUrl);
    here.src = url.hostname in overrides ? new URL(url.pathname, overrides[url.hostname]).href : url.href;
    here.textContent = widget.scriptSettings.map(({ name, value }) => name + ': ' + value).join('\\n');
    const placed = element('div');
    placed.setAttribute('type', widget.elementType);
    for (const { name, value } of widget.attributes) placed.setAttribute(name, value);
    for (const { attribute, event } of widget.callbacks) {
      const name = 'onNetwork' + event;
      window[name] = async (given) => {
        try {
          await actions[event](given);
          location.reload();
        } catch (error) {
          show(element('p', error.message, 'todo'));
        }
      };
      placed.setAttribute(attribute, name);
    }
    show(placed);
    document.body.append(here);
  };

  const showList = async () => {
    show(element('h1', 'Networks and candidates'));
    const { systemConnections } = await ask('{ systemConnections { id network { name } ats { id name } steps { title status remedy } } }');
    if (systemConnections.length === 0) show(element('p', 'No network is paired with an ATS yet.'));
    for (const { id, network, ats, steps } of systemConnections) {
      show(element('h2', network.name + ' and ' + ats.name));
      const list = element('ul');
      for (const { title, status, remedy } of steps) {
        list.append(element('li', (status === 'DONE' ? '✓ ' : '○ ') + title + (remedy ? ': ' + remedy : ''), status === 'DONE' ? 'done' : 'todo'));
      }
      show(list);
      const found = await ask(
        'query ($id: ID!) { candidates(connectionId: $id, first: 50) { nodes { id firstName lastName networkProfile { link { how } counts { notes inMails } } } } }',
        { id: ats.id },
      );
      const people = element('ul');
      for (const { id: candidate, firstName, lastName, networkProfile } of found.candidates.nodes) {
        const link = element('a', firstName + ' ' + lastName);
        link.href = '?' + new URLSearchParams({ ...Object.fromEntries(asked), candidate });
        const { notes, inMails } = networkProfile.counts;
        const item = element('li');
        const marks = [networkProfile.link && 'linked', notes && counted(notes, 'note'), inMails && counted(inMails, 'InMail')].filter(Boolean);
        item.append(link, element('span', marks.length > 0 ? '  ' + marks.join(', ') : '', 'meta'));
        people.append(item);
      }
      show(people);
      if (steps.some(({ status }) => status !== 'DONE')) {
        const { systemConnection } = await ask(
          'query ($id: ID!) { systemConnection(connectionId: $id) { ' + WIDGET.replace('WIDGET', 'setupWidget') + ' } }',
          { id },
        );
        const refresh = () => ask('mutation ($id: ID!) { refreshSystemConnection(connectionId: $id) { __typename } }', { id });
        if (systemConnection.widget) embed(systemConnection.widget, { REQUEST: refresh });
      }
    }
  };

  const showCandidate = async (id) => {
    const { mirroredCandidate: candidate } = await ask(
      'query ($id: ID!) { mirroredCandidate(id: $id) { firstName lastName remoteUrl networkProfile { link { member how } ' +
        'notes { createdAt authorName content { ...Content } } inMails { createdAt authorName content { ...Content } } ' +
        WIDGET.replace('WIDGET', 'widget') + ' } } } fragment Content on NetworkContent { __typename ' +
        '... on NetworkText { subject text } ... on NetworkTextRefused { message } }',
      { id },
    );
    const back = element('a', 'All candidates');
    back.href = asked.get('user') ? '?' + new URLSearchParams({ user: asked.get('user') }) : '?';
    const way = element('nav');
    way.append(back);
    show(way, element('h1', candidate.firstName + ' ' + candidate.lastName));
    const profile = candidate.networkProfile;
    if (!profile) return show(element('p', 'The ATS is paired with no network.'));
    show(element('p', profile.link ? 'Linked with ' + profile.link.member + ' (' + profile.link.how + ')' : 'Linked with nobody', 'meta'));
    for (const [title, items] of [['Notes', profile.notes], ['InMails', profile.inMails]]) {
      show(element('h2', title + ' (' + items.length + ')'));
      for (const { createdAt, authorName, content } of items) {
        const isShown = content.__typename === 'NetworkText';
        const box = element('div', undefined, isShown ? 'item' : 'item refused');
        box.append(element('div', (authorName ?? 'Somebody') + ', ' + new Date(createdAt).toLocaleString(), 'meta'));
        if (content.subject) box.append(element('strong', content.subject));
        box.append(element('div', isShown ? content.text : content.message));
        show(box);
      }
    }
    if (!profile.widget) return;
    show(element('h2', 'Profile'));
    embed(profile.widget, {
      LINK: (member) =>
        ask('mutation ($input: LinkProfileInput!) { linkProfile(input: $input) { __typename } }', { input: { candidateId: id, member } }),
      UNLINK: () => ask('mutation ($id: ID!) { unlinkProfile(candidateId: $id) { __typename } }', { id }),
    });
  };

  try {
    main.replaceChildren();
    await (asked.get('candidate') ? showCandidate(asked.get('candidate')) : showList());
  } catch (error) {
    show(element('p', error.message, 'todo'));
  }
})();
`;
