/** A host's process that fails at its first request. */
process.on('message', (request) => {
  if (request.type !== 'close') throw new Error('thrown in a worker');
});
