package dev.wherry.daemon.image.compression;

import com.github.luben.zstd.ZstdOutputStream;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.OptionalInt;

/** How the tar of a layer is compressed. The same bytes, level and library give the same result. */
public enum Compression {
    UNCOMPRESSED("", 0),
    GZIP("gzip", 9),
    ZSTD("zstd", 22);

    private static final int USUAL_GZIP_LEVEL = 6;
    private static final int USUAL_ZSTD_LEVEL = 3;

    private final String suffix;
    private final int highestLevel;

    Compression(String suffix, int highestLevel) {
        this.suffix = suffix;
        this.highestLevel = highestLevel;
    }

    /** What a layer's media type says of it. */
    public static Compression of(String mediaType) {
        return mediaType.endsWith("gzip") ? GZIP : mediaType.endsWith("zstd") ? ZSTD : UNCOMPRESSED;
    }

    /** What the first bytes of a layer say of it. */
    public static Compression ofBytes(byte[] bytes, int length) {
        String magic = HexFormat.of().formatHex(bytes, 0, Math.min(4, length));
        return magic.startsWith("1f8b") ? GZIP : magic.equals("28b52ffd") ? ZSTD : UNCOMPRESSED;
    }

    /**
     * The media type of a layer that is compressed so.
     *
     * @param oci whether OCI's types are wanted, or those that docker had before
     */
    public String mediaType(boolean oci) {
        String type = oci ? MediaTypes.LAYER : MediaTypes.DOCKER_LAYER;
        return suffix.isEmpty() ? type : type + (oci ? "+" : ".") + suffix;
    }

    /** @throws InvalidInputException when there is no such level */
    public void checkLevel(OptionalInt level) {
        if (level.isPresent() && (level.getAsInt() < 0 || level.getAsInt() > highestLevel)) {
            throw new InvalidInputException("compression-level=" + level.getAsInt() + ": "
                    + (this == UNCOMPRESSED ? "there are no levels without compression" : levels()));
        }
    }

    private String levels() {
        return suffix + " has the levels 0 to " + highestLevel;
    }

    /** A stream that compresses into another one; closing it ends both. */
    public OutputStream open(OutputStream out, OptionalInt level) throws IOException {
        return switch (this) {
            case UNCOMPRESSED -> out;
            case GZIP -> new BlockGzip(out, BlockDeflater.of(level.orElse(USUAL_GZIP_LEVEL)));
            case ZSTD -> new ZstdOutputStream(out, level.orElse(USUAL_ZSTD_LEVEL));
        };
    }
}
