package dev.wherry.daemon.image.compression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class BlockGzipTest {

    private static byte[] gzip(byte[] bytes, int piece, int level) throws IOException {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (OutputStream out = new BlockGzip(result, level)) {
            for (int at = 0; at < bytes.length; at += piece) {
                out.write(bytes, at, Math.min(piece, bytes.length - at));
            }
        }
        return result.toByteArray();
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static byte[] mixed(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        // Half of it repeats, across the borders of blocks too.
        for (int i = 20_000; i < length; i += 20_000) {
            System.arraycopy(bytes, i - 20_000, bytes, i, Math.min(10_000, length - i));
        }
        return bytes;
    }

    @Test
    void everyLengthComesBack() throws IOException {
        int block = 1 << 19;
        for (int length : new int[] {0, 1, 100, block - 1, block, block + 1, 2 * block, 7 * block + 12_345}) {
            byte[] bytes = mixed(length);
            assertThat(gunzip(gzip(bytes, 1 << 16, 6))).as("%d bytes", length).isEqualTo(bytes);
        }
    }

    @Test
    void resultDependsOnBytesAndLevelAlone() throws IOException {
        byte[] bytes = mixed(3 << 20);
        byte[] once = gzip(bytes, 1000, 2);
        assertThat(gzip(bytes, 1 << 20, 2)).isEqualTo(once);
        assertThat(gzip(bytes, 1 << 20, 0)).hasSizeGreaterThan(bytes.length);
        assertThat(gunzip(gzip(bytes, 1 << 20, 0))).isEqualTo(bytes);
        assertThat(once.length).isLessThan(bytes.length);
    }

    @Test
    void blocksKnowWhatCameBefore() throws IOException {
        byte[] period = new byte[30_000];
        new Random(1).nextBytes(period);
        byte[] bytes = new byte[4 << 20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = period[i % period.length];
        }
        assertThat(gzip(bytes, 1 << 16, 6).length).isLessThan(4 * period.length);
    }
}
