package dev.wherry.daemon.image.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class BlockGzipTest {

    private static byte[] gzip(byte[] bytes, int piece, int level) throws IOException {
        return gzip(bytes, piece, BlockDeflater.zlib(level));
    }

    private static byte[] gzip(byte[] bytes, int piece, BlockDeflater deflater) throws IOException {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        try (OutputStream out = new BlockGzip(result, deflater)) {
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

    /** The library is among the packages that tests need. */
    private static BlockDeflater isal() {
        return BlockDeflater.isal((_, _, _, _) -> fail("ISA-L gave up")).orElseThrow();
    }

    @Test
    void everyLengthComesBack() throws IOException {
        int block = 1 << 19;
        for (int length : new int[] {0, 1, 100, block - 1, block, block + 1, 2 * block, 7 * block + 12_345}) {
            byte[] bytes = mixed(length);
            assertThat(gunzip(gzip(bytes, 1 << 16, 6))).as("%d bytes", length).isEqualTo(bytes);
            assertThat(gunzip(gzip(bytes, 1 << 16, isal())))
                    .as("%d bytes by ISA-L", length)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void isalGivesOneMemberThatDependsOnTheBytesAlone() throws IOException {
        byte[] bytes = mixed(3 << 20);
        byte[] once = gzip(bytes, 1000, isal());
        gzip(new byte[1 << 20], 1000, isal());

        assertThat(gzip(bytes, 1 << 20, isal())).isEqualTo(once);
        Inflater inflater = new Inflater(true);
        inflater.setInput(once, 10, once.length - 10);
        for (byte[] buffer = new byte[1 << 20]; !inflater.finished(); ) {
            assertThatCode(() -> inflater.inflate(buffer)).doesNotThrowAnyException();
        }
        assertThat(inflater.getRemaining()).isEqualTo(8);
        inflater.end();
    }

    @Test
    void isalStandsForTheLevelsOfSpeedAndIsNearlyAsSmall() throws IOException {
        byte[] bytes = text(2 << 20);
        byte[] isal = gzip(bytes, 1 << 16, isal());

        assertThat(gzip(bytes, 1 << 16, BlockDeflater.of(2))).isEqualTo(isal);
        assertThat(gzip(bytes, 1 << 16, BlockDeflater.of(1))).isEqualTo(isal);
        assertThat(gzip(bytes, 1 << 16, BlockDeflater.of(6))).isEqualTo(gzip(bytes, 1 << 16, 6));
        assertThat(isal.length).isLessThan(gzip(bytes, 1 << 16, 2).length * 11 / 10);
    }

    /** Words that follow each other at random. */
    private static byte[] text(int length) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(Integer.toString(random.nextInt(2000) * 7919, 36)).append(random.nextInt(9) == 0 ? '\n' : ' ');
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void blockThatIsalCannotCompressIsCompressedByZlib() throws IOException {
        BlockDeflater every = isal();
        BlockDeflater zlib = BlockDeflater.zlib(2);
        AtomicInteger blocks = new AtomicInteger();
        BlockDeflater mixed = (block, length, before, last) ->
                (blocks.getAndIncrement() % 2 == 0 ? every : zlib).deflate(block, length, new byte[0], last);
        byte[] bytes = mixed(3 << 20);

        assertThat(gunzip(gzip(bytes, 1 << 16, mixed))).isEqualTo(bytes);
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
