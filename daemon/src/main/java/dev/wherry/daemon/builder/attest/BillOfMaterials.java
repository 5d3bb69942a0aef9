package dev.wherry.daemon.builder.attest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.AttestationDraft.Predicate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The software that a file system holds, as the program syft of the daemon's host finds it, in the form of SPDX. */
public final class BillOfMaterials {

    private static final String TYPE = "https://spdx.dev/Document";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private BillOfMaterials() {}

    /**
     * Finds the scanner.
     *
     * @throws UnsupportedException when the host has none
     */
    public static Path scanner() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "syft"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new UnsupportedException("a bill of materials needs the program syft, which the"
                        + " daemon's host does not have: install it in the daemon's PATH, or leave --sbom out"));
    }

    /**
     * Scans a file system.
     *
     * @throws HostException when the scanner fails
     */
    public static Predicate of(Path scanner, Path root) {
        ProcessBuilder builder = new ProcessBuilder(
                        scanner.toString(), "scan", "--quiet", "--output", "spdx-json", "dir:" + root)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("SYFT_CHECK_FOR_APP_UPDATE", "false");
        Process process = null;
        try {
            process = builder.start();
            byte[] written;
            try (InputStream out = process.getInputStream()) {
                written = out.readAllBytes();
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new HostException("cannot make a bill of materials: syft exited with status " + status);
            }
            Map<String, Object> document = MAPPER.readValue(written, new TypeReference<>() {});
            return new Predicate(TYPE, document);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the build was cancelled", interrupted);
        } catch (IOException failure) {
            throw new HostException("cannot make a bill of materials: " + failure.getMessage(), failure);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
    }
}
