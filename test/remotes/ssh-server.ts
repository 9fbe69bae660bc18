/** Git over ssh on loopback: a real sshd of the test's own, with keys made for it. Wants openssh-server. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export type SshRemote = {
  /** The address of a path of this machine. */
  at(path: string): string;
  /** What the bot's environment has for it: its own key, and the only hosts that it knows. */
  readonly env: { readonly GIT_SSH_COMMAND: string };
  /** The same with a key that the server does not know. */
  readonly strangerEnv: { readonly GIT_SSH_COMMAND: string };
  /** The same without any host that is known. */
  readonly unknownHostEnv: { readonly GIT_SSH_COMMAND: string };
  close(): Promise<void>;
};

const SSHD = "/usr/sbin/sshd";

export async function serveSsh(directory: string): Promise<SshRemote> {
  if (!existsSync(SSHD)) throw new Error(`${SSHD} is missing; install openssh-server`);
  // Started as root, sshd wants the place where it would lock its children in.
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  mkdirSync(directory, { mode: 0o700 });
  const file = (name: string) => join(directory, name);
  for (const name of ["host", "bot", "stranger"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file(name)]);
  const port = await freePort();
  writeFileSync(file("authorized"), readFileSync(file("bot.pub")), { mode: 0o600 });
  writeFileSync(file("known"), `[127.0.0.1]:${port} ${readFileSync(file("host.pub"), "utf8")}`);
  writeFileSync(file("nobody"), "");
  const settings = {
    Port: port,
    ListenAddress: "127.0.0.1",
    HostKey: file("host"),
    AuthorizedKeysFile: file("authorized"),
    PidFile: "none",
    StrictModes: "no",
    UsePAM: "no",
    PasswordAuthentication: "no",
    PermitRootLogin: "prohibit-password",
    AcceptEnv: "GIT_PROTOCOL",
  };
  writeFileSync(
    file("config"),
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(""),
  );
  const server = spawn(SSHD, ["-D", "-e", "-f", file("config")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  await answering(port, server, () => said);
  const ssh = (key: string, known: string) => ({
    GIT_SSH_COMMAND: [
      "ssh -F none -oBatchMode=yes -oConnectTimeout=5 -oIdentitiesOnly=yes -oStrictHostKeyChecking=yes",
      `-oGlobalKnownHostsFile=none -oUserKnownHostsFile=${file(known)} -i ${file(key)}`,
    ].join(" "),
  });
  return {
    at: (path) => `ssh://${userInfo().username}@127.0.0.1:${port}${path}`,
    env: ssh("bot", "known"),
    strangerEnv: ssh("stranger", "known"),
    unknownHostEnv: ssh("bot", "nobody"),
    close: () =>
      new Promise((resolve) => {
        if (server.exitCode !== null) return resolve();
        server.once("exit", () => resolve());
        server.kill("SIGKILL");
      }),
  };
}

async function answering(port: number, server: ChildProcess, said: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${said()}`);
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("data", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("close", () => resolve(false));
      socket.once("data", () => socket.destroy());
    });
    if (answers) return;
    await pause(25);
  }
  throw new Error(`sshd does not answer: ${said()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
