package dev.wherry.cli.client.contexts;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.TlsFiles;
import dev.wherry.cli.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a context's files for TLS.
 *
 * @param files by their names, of which none is missing
 */
public record TlsMaterial(Map<String, byte[]> files) {
    static final List<String> NAMES = List.of("ca.pem", "cert.pem", "key.pem");

    /** No certificate and no key is larger. */
    static final int LARGEST = 1 << 20;

    public TlsMaterial {
        for (String name : NAMES) {
            if (!files.containsKey(name)) {
                throw new Failure("TLS needs ca.pem, cert.pem and key.pem, and there is no " + name);
            }
        }
    }

    /** @throws Failure if a file cannot be read */
    public static TlsMaterial read(TlsFiles files) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        content.put("ca.pem", read(files.ca()));
        content.put("cert.pem", read(files.cert()));
        content.put("key.pem", read(files.key()));
        return new TlsMaterial(content);
    }

    /** What was found in an archive; empty if that is nothing. */
    static Optional<TlsMaterial> of(Map<String, byte[]> found) {
        return found.isEmpty() ? Optional.empty() : Optional.of(new TlsMaterial(found));
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new Failure(file + " is larger than 1 MiB: it is no certificate and no key");
            }
            return content;
        } catch (IOException e) {
            throw Failure.of("cannot read the TLS file: " + CallFailures.sentence(e), e);
        }
    }
}
