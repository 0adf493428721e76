/** What the clients of a site are told beside their address, by one configuration after another: boot files, provisioning, images of firmware. */
import type { WallMs } from '../base/clock.ts';
import type { Inquiry, InquiryDevice } from '../dhcp/inquiry.ts';
import type { BootPlan, BootPolicy, BootRole, Provisioning } from '../dhcp/reply.ts';
import { BootPlanner } from './boot-plan.ts';
import type { BootSource } from './boot-settings.ts';
import { FirmwareMemory } from './firmware-memory.ts';
import { ImageOffers, type ImageSource } from './image-offers.ts';
import type { ImageStanding } from './image-rules.ts';
import { knownDevice } from './profiles/devices.ts';
import type { ProvisionSource } from './provision-settings.ts';
import { Provisioner } from './provisioner.ts';

/** What it needs of a configuration. */
export type PolicySource = BootSource & ProvisionSource & ImageSource;

export class SitePolicy implements BootPolicy {
  /** Of what machines did before: it outlives a configuration. */
  readonly #firmware = new FirmwareMemory();
  readonly #images = new ImageOffers((packet) => {
    const known = knownDevice(packet);
    return known && { profile: known.profile.name, ...known.device };
  });
  #planner: BootPlanner;
  #provisioner: Provisioner;

  constructor(source: PolicySource) {
    this.#images.configure(source);
    this.#planner = new BootPlanner(source, this.#firmware, this.#images);
    this.#provisioner = new Provisioner(source);
  }

  /** By another configuration from now on. */
  configure(source: PolicySource): void {
    this.#images.configure(source);
    this.#planner = new BootPlanner(source, this.#firmware, this.#images);
    this.#provisioner = new Provisioner(source);
  }

  /** Leaves images of firmware out of answers by this from now on. */
  stand(standing: ImageStanding): void {
    this.#images.stand(standing);
  }

  plan(inquiry: Inquiry, now: WallMs, role?: BootRole): BootPlan | undefined {
    return this.#planner.plan(inquiry, now, role);
  }

  provision(inquiry: Inquiry): Provisioning | undefined {
    return this.#provisioner.provision(inquiry);
  }

  deviceOf(inquiry: Inquiry): InquiryDevice | undefined {
    return this.#images.deviceOf(inquiry);
  }
}
