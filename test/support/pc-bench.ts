/** A PC on a switch with an appliance that has real boot programs and a small Linux. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Appliance, bench, type Section } from './appliance.ts';
import { putBootImages, putSmallLinux } from './boot-images.ts';
import type { Program } from './program.ts';
import { type PcOptions, startPc } from './qemu.ts';
import { leaveNothing } from './tidy.ts';
import { describeWith } from './tools.ts';
import { plugLaptop, VirtualSwitch } from './virtual-switch.ts';

export class PcBench {
  readonly appliance: Appliance;
  readonly #ethernet: VirtualSwitch;
  #pc: Program | undefined;

  constructor(ethernet: VirtualSwitch) {
    this.#ethernet = ethernet;
    this.appliance = new Appliance(plugLaptop(ethernet).laptop, { networks: [bench()] });
  }

  /** Starts the appliance with this `boot` section and these hosts, and then the PC. */
  async turnOn(pc: PcOptions, boot: Section | string, hosts: readonly Section[] = []): Promise<Program> {
    this.appliance.configure({ networks: [bench()], boot, hosts });
    await this.appliance.start();
    return this.turnOnAgain(pc);
  }

  /** Starts the PC once more; the appliance runs on. */
  async turnOnAgain(pc: PcOptions): Promise<Program> {
    await this.#pc?.kill();
    this.#pc = startPc(this.#ethernet, pc);
    return this.#pc;
  }

  async turnOff(): Promise<void> {
    await this.#pc?.kill();
    await this.appliance.stop();
  }
}

/** A `describeWith` whose tests have a bench, once they run; `tools` are those beside QEMU. */
export function describePc(tools: readonly string[], name: string, body: (onBench: () => PcBench) => void): void {
  describeWith(['qemu-system-x86_64', 'apt-get', ...tools], name, () => {
    let ethernet: VirtualSwitch;
    let pcBench: PcBench;

    beforeAll(async () => {
      ethernet = new VirtualSwitch();
      pcBench = new PcBench(ethernet);
      await putBootImages(pcBench.appliance.tftpRoot);
      await putSmallLinux(pcBench.appliance.tftpRoot);
    });

    afterEach(() => pcBench.turnOff());

    afterAll(() => leaveNothing(ethernet));

    body(() => pcBench);
  });
}
