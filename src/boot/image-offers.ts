/** Which images of firmware the answers of DHCP leave out, device by device. */

import type { Inquiry, InquiryDevice } from '../dhcp/inquiry.ts';
import type { DhcpPacket } from '../dhcp/packet.ts';
import type { HostKey } from '../dhcp/subnet.ts';
import { type DeviceModel, type FirmwareImage, fileNamed, ImageRules, type ImageStanding } from './image-rules.ts';

/** What a message says of the device that sent it; undefined where it says nothing that is understood. */
export type Recognise = (packet: DhcpPacket) => DeviceModel | undefined;

/** What images depend on in a configuration. */
export interface ImageSource {
  readonly images: readonly FirmwareImage[];
  readonly hosts: readonly (DeviceModel & { readonly key: HostKey })[];
}

export class ImageOffers {
  readonly #recognise: Recognise;
  #rules = new ImageRules([]);
  #standing: ImageStanding | undefined;
  #hosts: ReadonlyMap<HostKey, DeviceModel> = new Map();

  constructor(recognise: Recognise) {
    this.#recognise = recognise;
  }

  configure({ images, hosts }: ImageSource): void {
    this.#rules = new ImageRules(images, this.#standing);
    this.#hosts = new Map(hosts.map(({ key, model, profile }) => [key, { model, profile }]));
  }

  stand(standing: ImageStanding): void {
    this.#standing = standing;
    this.#rules.stand(standing);
  }

  /**
   * What a device says that it is, and a judge of what options name where there is something that it is not to be told of; undefined for the
   * many that say nothing, where there are no images.
   */
  deviceOf(inquiry: Inquiry): InquiryDevice | undefined {
    const told = this.#recognise(inquiry.request.packet);
    if (this.#rules.isEmpty) return told && { told };
    const { mac } = inquiry.request;
    const reasons = this.#rules.notToBeNamed(this.#modelOf({ ...inquiry, told }), mac);
    if (reasons.size === 0) return { told };
    const taken = [...reasons].find(([file]) => this.#rules.hasTaken(mac, file));
    return { told, withholds: (name) => reasons.has(fileNamed(name)), note: taken?.join(' ') };
  }

  /** Why a boot file is not named to a device, completing "the file …"; undefined: it is. */
  obstacleTo(file: string, inquiry: Inquiry): string | undefined {
    if (this.#rules.isEmpty) return undefined;
    return this.#rules.notToBeNamed(this.#modelOf(inquiry), inquiry.request.mac).get(fileNamed(file));
  }

  /** What the operator says goes before what the device says. */
  #modelOf({ host, told }: Inquiry): DeviceModel {
    const known = host && this.#hosts.get(host.key);
    return { model: known?.model ?? told?.model, profile: known?.profile ?? told?.profile };
  }
}
