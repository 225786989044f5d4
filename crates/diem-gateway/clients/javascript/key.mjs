// Venice's documented key flow, with viem: a text is fetched, signed by the wallet, and sent back for a key.
import { privateKeyToAccount } from 'viem/accounts';

export const makeKey = async (gateway, privateKey, wish = {}) => {
  const account = privateKeyToAccount(privateKey);
  const url = `${gateway}/api/v1/api_keys/generate_web3_key`;
  const { data } = await (await fetch(url)).json();
  const signature = await account.signMessage({ message: data.token });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiKeyType: 'INFERENCE',
      description: 'made with viem',
      ...wish,
      address: account.address,
      signature,
      token: data.token,
    }),
  });
  const made = await answer.json();
  if (!answer.ok) throw new Error(`no key: ${JSON.stringify(made)}`);
  return made.data;
};
