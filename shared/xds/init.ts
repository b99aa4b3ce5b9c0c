import type { DescMessage, Message, MessageInitShape } from '@bufbuild/protobuf';

/** A message as plain data, before it is created: parts of it can be laid over each other. */
export type Init<Desc extends DescMessage> = Exclude<MessageInitShape<Desc>, Message>;
