package dev.wherry.daemon.image.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

public class DecompressionTest {

    private static final byte[] PLAIN = new byte[300_000];

    static {
        new Random(3).nextBytes(PLAIN);
    }

    public static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] read(byte[] stream) throws IOException {
        return Decompression.of("it", new ByteArrayInputStream(stream), _ -> {}).readAllBytes();
    }

    private static byte[] bzip2() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream bzip2 = new BZip2CompressorOutputStream(out, 1)) {
            bzip2.write(PLAIN);
        }
        return out.toByteArray();
    }

    private static byte[] xz() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream xz = new XZOutputStream(out, new LZMA2Options(0))) {
            xz.write(PLAIN);
        }
        return out.toByteArray();
    }

    private static byte[] zstd() {
        return Zstd.compress(PLAIN);
    }

    @Test
    void compressionIsRecognisedByItsFirstBytes() throws IOException {
        assertThat(read(PLAIN)).isEqualTo(PLAIN);
        assertThat(read(gzip(PLAIN))).isEqualTo(PLAIN);
        assertThat(read(zstd())).isEqualTo(PLAIN);
        assertThat(read(bzip2())).isEqualTo(PLAIN);
        assertThat(read(xz())).isEqualTo(PLAIN);
        assertThat(read(new byte[0])).isEmpty();
        assertThat(read(new byte[] {0x1f})).containsExactly(0x1f);
    }

    /** As tools write zstd:chunked: frames of their own for parts, and frames to skip that say where the parts are. */
    @Test
    void zstdInFramesWithSomeToSkipIsReadWhole() throws IOException {
        byte[] skipped = new byte[8 + 5000];
        new Random(4).nextBytes(skipped);
        ByteBuffer.wrap(skipped)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A50)
                .putInt(5000);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int from = 0; from < PLAIN.length; from += 100_000) {
            stream.writeBytes(Zstd.compress(Arrays.copyOfRange(PLAIN, from, from + 100_000)));
            stream.writeBytes(skipped);
        }
        assertThat(read(stream.toByteArray())).isEqualTo(PLAIN);
    }

    @Test
    void gzipOfSeveralMembersIsReadWhole() throws IOException {
        byte[] member = gzip(PLAIN);
        byte[] two = Arrays.copyOf(member, member.length * 2);
        System.arraycopy(member, 0, two, member.length, member.length);
        assertThat(read(two)).hasSize(PLAIN.length * 2);
    }

    @Test
    void consumedBytesAreReported() throws IOException {
        byte[] compressed = gzip(PLAIN);
        AtomicLong consumed = new AtomicLong();
        Decompression.of("it", new ByteArrayInputStream(compressed), consumed::set)
                .readAllBytes();
        assertThat(consumed).hasValue(compressed.length);
    }

    @Test
    void cutStreamsAreCorrupt() throws IOException {
        for (byte[] whole : new byte[][] {gzip(PLAIN), zstd(), bzip2(), xz()}) {
            for (int length : new int[] {7, whole.length / 2, whole.length - 1}) {
                assertThatThrownBy(() -> read(Arrays.copyOf(whole, length)))
                        .isInstanceOf(CorruptContentException.class)
                        .hasMessage("it is damaged: it cannot be decompressed");
            }
        }
    }

    @Test
    void changedBytesAreCorrupt() throws IOException {
        byte[] gzip = gzip(PLAIN);
        gzip[gzip.length - 6] ^= 1;
        assertThatThrownBy(() -> read(gzip)).isInstanceOf(CorruptContentException.class);
        byte[] zstd = Zstd.compress(new byte[1 << 20]);
        zstd[zstd.length / 2] ^= (byte) 0xff;
        zstd[5] ^= (byte) 0xff;
        assertThatThrownBy(() -> read(zstd)).isInstanceOf(CorruptContentException.class);
    }

    @Test
    void whatNeedsTooMuchMemoryIsRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options(0);
        options.setDictSize(256 << 20);
        try (OutputStream xz = new XZOutputStream(out, options)) {
            xz.write(1);
        }
        assertThatThrownBy(() -> read(out.toByteArray()))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("it needs 256 MiB of memory to decompress: refused");
    }

    @Test
    void bombIsRefusedBeforeItFillsTheDisk() throws IOException {
        byte[] zeros = Zstd.compress(new byte[64 << 20]);
        // As many frames as make 8 GiB, each of a few kilobytes.
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < 128; i++) {
            bomb.write(zeros);
        }
        try (InputStream in = Decompression.of("it", new ByteArrayInputStream(bomb.toByteArray()), _ -> {})) {
            assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(ExhaustedException.class)
                    .hasMessage("it unpacks to more than 200 times its size: refused");
        }
    }
}
