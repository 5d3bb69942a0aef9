/**
 * Intel's ISA-L ({@code libisal}), where the host has it: deflate and inflate by the vector instructions of the processor
 * at hand, several times as fast as zlib. Its structures are passed as plain memory, laid out as its {@code igzip_lib.h}
 * says for all versions with the number 2. A trial at the first use decides whether it is used at all.
 */
package dev.wherry.daemon.linux.isal;
