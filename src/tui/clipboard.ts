type Env = Readonly<Record<string, string | undefined>>;

/**
 * The bytes that put a text on the clipboard of the terminal (OSC 52), over SSH too. Inside tmux the
 * same is sent again wrapped for passthrough: tmux takes the plain form with `set-clipboard on`, and
 * hands the wrapped one on with `allow-passthrough on`. Base64 alone: nothing of the text is obeyed.
 */
export const clipboardBytes = (text: string, env: Env): string => {
  const plain = `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;
  return (env['TMUX'] ?? '') === ''
    ? plain
    : `${plain}\u001bPtmux;${plain.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
};
