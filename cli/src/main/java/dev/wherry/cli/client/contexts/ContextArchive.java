package dev.wherry.cli.client.contexts;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.error.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A context as a tar archive, in docker's layout: {@code meta.json} and {@code tls/docker/NAME.pem}.
 *
 * @param tls empty if the context has no files for TLS
 */
public record ContextArchive(DaemonContext context, Optional<TlsMaterial> tls) {
    /** Docker takes no more either. */
    private static final int LARGEST = 10 << 20;

    private static final String METADATA = "meta.json";
    private static final String TLS = "tls/" + DaemonContext.ENDPOINT + "/";
    private static final int OWNER_ONLY = 0100600;
    private static final int OWNER_ONLY_FOLDER = 040700;

    /** Writes the archive. */
    public void write(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        put(tar, METADATA, context.json().getBytes(StandardCharsets.UTF_8));
        if (tls.isPresent()) {
            folder(tar, "tls/");
            folder(tar, TLS);
            for (Map.Entry<String, byte[]> file : tls.get().files().entrySet()) {
                put(tar, TLS + file.getKey(), file.getValue());
            }
        }
        tar.finish();
        out.flush();
    }

    private static void folder(TarArchiveOutputStream tar, String name) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(OWNER_ONLY_FOLDER);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(OWNER_ONLY);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /**
     * Reads an archive, which may be from anybody: it holds these few files and nothing else, or is refused.
     *
     * @param name of the context, whatever the archive says
     */
    public static ContextArchive read(String name, InputStream in) {
        String metadata = null;
        Map<String, byte[]> tls = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new Limited(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isDirectory() && ("tls/".equals(entry.getName()) || TLS.equals(entry.getName()))) {
                    continue;
                }
                String file = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() ? entry.getName() : "";
                boolean isTls = file.startsWith(TLS) && TlsMaterial.NAMES.contains(file.substring(TLS.length()));
                if (file.equals(METADATA) && metadata == null) {
                    metadata = new String(content(tar), StandardCharsets.UTF_8);
                } else if (!isTls || tls.put(file.substring(TLS.length()), content(tar)) != null) {
                    throw new Failure("invalid context: \"" + entry.getName() + "\" does not belong into its archive");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Failure.of("invalid context: the archive cannot be read: " + CallFailures.sentence(e), e);
        }
        if (metadata == null) {
            throw new Failure("invalid context: there is no meta.json in the archive");
        }
        return new ContextArchive(DaemonContext.parse(name, metadata), TlsMaterial.of(tls));
    }

    /** A sparse file is larger than what the archive holds of it. */
    private static byte[] content(TarArchiveInputStream tar) throws IOException {
        byte[] content = tar.readNBytes(TlsMaterial.LARGEST + 1);
        if (content.length > TlsMaterial.LARGEST) {
            throw new IOException("it has a file of more than 1 MiB");
        }
        return content;
    }

    /** Fails after the largest archive that is read. */
    private static final class Limited extends FilterInputStream {
        private int left = LARGEST;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, Math.min(length, left + 1));
            left -= Math.max(n, 0);
            if (left < 0) {
                throw new IOException("it is larger than 10 MiB");
            }
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long left = n;
            byte[] chunk = new byte[8192];
            for (int read = 0; left > 0 && read >= 0; left -= Math.max(read, 0)) {
                read = read(chunk, 0, (int) Math.min(chunk.length, left));
            }
            return n - left;
        }
    }
}
