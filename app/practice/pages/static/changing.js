const said = document.getElementById('said');
for (const button of document.querySelectorAll('button[data-name]'))
  button.addEventListener('click', () => { said.textContent = `${button.dataset.name} is reserved.`; });

setTimeout(() => {
  const news = document.createElement('section');
  news.setAttribute('aria-label', 'Late news');
  news.className = 'late';
  news.innerHTML = '<h2>Late news</h2><p>The kiln is open. One more offer until tonight.</p><button type="button">Show the offer</button>';
  news.querySelector('button').addEventListener('click', () => { said.textContent = 'Every second cup is free.'; });
  document.getElementById('late').replaceWith(news);
}, 1000);
