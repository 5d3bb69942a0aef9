package dev.wherry.cli.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A directory in the OCI image layout with one image of one layer. */
final class Layout {

    private Layout() {}

    /** @param tag the image's name in the layout */
    static void write(Path layout, Path tar, String tag) throws IOException {
        Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        byte[] layer = Files.readAllBytes(tar);
        String config = """
                {"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin","LAYOUT=yes"]},\
                "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(architecture(), digest(layer));
        String manifest = """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                "config":%s,"layers":[%s]}""".formatted(
                blob(layout, "application/vnd.oci.image.config.v1+json", config.getBytes(StandardCharsets.UTF_8)),
                blob(layout, "application/vnd.oci.image.layer.v1.tar", layer));
        String entry =
                blob(layout, "application/vnd.oci.image.manifest.v1+json", manifest.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[%s,\"annotations\":{\"org.opencontainers.image.ref.name\":\"%s\"}}]}"
                        .formatted(entry.substring(0, entry.length() - 1), tag));
    }

    private static String blob(Path layout, String type, byte[] content) throws IOException {
        String digest = digest(content);
        Files.write(layout.resolve("blobs").resolve(digest.replace(':', '/')), content);
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(type, digest, content.length);
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
