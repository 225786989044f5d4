// Shows /openapi.json: the doors by family, each with what it takes and answers.
const element = (name, text, ...children) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
};

const door = (path, method, operation) => {
  const title = element('summary');
  const kind = element('span', method.toUpperCase());
  kind.className = 'method';
  title.append(kind, element('code', path), ` ${operation.summary ?? ''}`);
  const parts = [title];
  if (operation.description) parts.push(element('p', operation.description));
  for (const [name, what] of [
    ['Parameters', operation.parameters],
    ['Body', operation.requestBody],
    ['Answers', operation.responses],
  ]) {
    if (what) parts.push(element('h4', name), element('pre', JSON.stringify(what, null, 2)));
  }
  return element('details', '', ...parts);
};

const show = (api) => {
  document.getElementById('about').textContent = api.info.description;
  const doors = document.getElementById('doors');
  for (const tag of api.tags ?? []) {
    const section = element('section', '', element('h2', tag.name), element('p', tag.description));
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.tags?.includes(tag.name)) section.append(door(path, method, operation));
      }
    }
    doors.append(section);
  }
  const schemas = api.components?.schemas ?? {};
  const forms = Object.entries(schemas).map(([name, schema]) =>
    element('details', '', element('summary', name), element('pre', JSON.stringify(schema, null, 2))));
  doors.append(element('section', '', element('h2', 'forms'), ...forms));
};

fetch('/openapi.json')
  .then((answer) => answer.json())
  .then(show)
  .catch((error) => {
    document.getElementById('about').textContent = `The description cannot be read: ${error.message}`;
  });
