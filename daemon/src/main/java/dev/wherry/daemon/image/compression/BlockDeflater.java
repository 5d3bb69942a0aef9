package dev.wherry.daemon.image.compression;

import dev.wherry.daemon.linux.isal.IsalDeflater;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;

/** Compresses the blocks of one stream of raw deflate (RFC 1951), each on any thread. */
interface BlockDeflater {

    /**
     * Compresses the first bytes of an array.
     *
     * @param before the end of the block before
     * @param last whether the stream ends with this block; if not, its bytes end with a flush
     */
    byte[] deflate(byte[] block, int length, byte[] before, boolean last);

    /**
     * What compresses at a level of zlib, 0 to 9. At the levels that are chosen for speed, 1 and 2, that is ISA-L where the
     * host has it: six times as fast, and at most a twentieth larger.
     */
    static BlockDeflater of(int level) {
        BlockDeflater zlib = zlib(level);
        return level == 1 || level == 2 ? isal(zlib).orElse(zlib) : zlib;
    }

    /** ISA-L, if the host has it. */
    static Optional<BlockDeflater> isal(BlockDeflater otherwise) {
        return IsalDeflater.ofThread()
                .map(_ -> (block, length, before, last) -> IsalDeflater.ofThread()
                        .flatMap(isal -> isal.deflate(block, length, last))
                        .orElseGet(() -> otherwise.deflate(block, length, new byte[0], last)));
    }

    /** The JDK's zlib, which finds in a block what the one before ended with. */
    static BlockDeflater zlib(int level) {
        return (block, length, before, last) -> deflate(level, block, length, before, last);
    }

    private static byte[] deflate(int level, byte[] block, int length, byte[] before, boolean last) {
        Deflater deflater = new Deflater(level, true);
        try {
            if (before.length > 0) {
                deflater.setDictionary(before);
            }
            deflater.setInput(block, 0, length);
            if (last) {
                deflater.finish();
            }
            // Incompressible bytes grow by a few for each 16 KiB, and a flush adds five.
            byte[] output = new byte[length + (length >> 10) + 64];
            int size = 0;
            int flush = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
            while (true) {
                int count = deflater.deflate(output, size, output.length - size, flush);
                size += count;
                boolean done = last ? deflater.finished() : size < output.length;
                if (done) {
                    return Arrays.copyOf(output, size);
                }
                output = Arrays.copyOf(output, output.length + (output.length >> 1) + 64);
            }
        } finally {
            deflater.end();
        }
    }
}
