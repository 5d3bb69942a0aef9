package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.Execution;
import dev.wherry.daemon.image.ImageConfig.History;
import dev.wherry.daemon.image.ImageConfig.Rootfs;
import dev.wherry.daemon.image.ImageName;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.copy.RegistryReferrer;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An image as docker inspects it. */
public final class ImageJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String NEVER = "0001-01-01T00:00:00Z";

    private ImageJson() {}

    public static String of(Image image, List<ImageName> names) {
        return written(fields(image, names));
    }

    /** As above, with what an index lists. */
    public static String of(Image image, List<ImageName> names, ManifestTree tree) {
        return written(fields(image, names, tree));
    }

    /** As above, with what refers to the image in its registries. */
    public static String of(Image image, List<ImageName> names, ManifestTree tree, List<RegistryReferrer> referrers) {
        Map<String, Object> json = fields(image, names, tree);
        json.put("Referrers", referrers.stream().map(ImageJson::referrer).toList());
        return written(json);
    }

    private static Map<String, Object> referrer(RegistryReferrer referrer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Repository", referrer.repository().familiarName());
        json.put("Tag", referrer.tag());
        json.put("Subject", referrer.subject());
        json.put("ArtifactType", referrer.artifactType());
        json.put("Descriptor", referrer.descriptor());
        return json;
    }

    private static Map<String, Object> fields(Image image, List<ImageName> names, ManifestTree tree) {
        Map<String, Object> json = fields(image, names);
        if (tree.isIndex()) {
            json.put("Descriptor", tree.root());
            json.put(
                    "Manifests",
                    tree.members().stream().map(ImageJson::manifest).toList());
        }
        return json;
    }

    private static Map<String, Object> manifest(ManifestTree.Member member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ID", member.entry().digest());
        json.put("Descriptor", member.entry());
        json.put("Available", member.here());
        json.put(
                "Kind",
                switch (member.kind()) {
                    case IMAGE -> "image";
                    case ATTESTATION -> "attestation";
                    case INDEX, OTHER -> "unknown";
                });
        if (member.kind() == ManifestTree.Kind.IMAGE) {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put(
                    "Platform",
                    member.image().map(Image::platform).orElse(member.entry().platform()));
            data.put("Size", Map.of("Unpacked", member.image().map(Image::size).orElse(0L)));
            json.put("ImageData", data);
        }
        member.subject().ifPresent(subject -> json.put("AttestationData", Map.of("For", subject)));
        return json;
    }

    private static Map<String, Object> fields(Image image, List<ImageName> names) {
        ImageConfig config = image.config();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Id", image.id());
        json.put("RepoTags", tags(names));
        json.put("RepoDigests", digests(names));
        json.put("Parent", "");
        json.put("Comment", comment(config));
        json.put("Created", orEmpty(config.created()));
        json.put("DockerVersion", "");
        json.put("Author", orEmpty(config.author()));
        json.put("Config", config(config.config()));
        json.put("Architecture", orEmpty(config.architecture()));
        if (config.variant() != null) {
            json.put("Variant", config.variant());
        }
        json.put("Os", orEmpty(config.os()));
        json.put("Size", image.size());
        json.put("RootFS", rootfs(config.rootfs()));
        // When it was tagged is not kept; programs that show it would show a time before all computers.
        json.put("Metadata", Map.of("LastTagTime", config.created() == null ? NEVER : config.created()));
        return json;
    }

    private static String written(Map<String, Object> json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JacksonException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static List<String> tags(List<ImageName> names) {
        return names.stream()
                .map(ImageName::reference)
                .filter(reference -> reference.digest().isEmpty())
                .map(Reference::familiar)
                .toList();
    }

    private static List<String> digests(List<ImageName> names) {
        return names.stream()
                .filter(name -> name.digest().isPresent())
                .map(name -> name.reference().withDigest(name.digest().get()).familiar())
                .distinct()
                .toList();
    }

    private static String comment(ImageConfig config) {
        List<History> history = Optional.ofNullable(config.history()).orElse(List.of());
        return history.isEmpty() ? "" : orEmpty(history.getLast().comment());
    }

    /** The fields that templates commonly ask for are there even where the image does not set them. */
    private static Map<String, Object> config(Execution config) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Hostname", orEmpty(config.hostname()));
        json.put("User", orEmpty(config.user()));
        putIfSet(json, "ExposedPorts", config.exposedPorts());
        json.put("Env", config.env());
        json.put("Cmd", config.cmd());
        putIfSet(json, "Healthcheck", config.healthcheck());
        putIfSet(json, "ArgsEscaped", config.argsEscaped());
        json.put("Volumes", config.volumes());
        json.put("WorkingDir", orEmpty(config.workingDir()));
        json.put("Entrypoint", config.entrypoint());
        json.put("OnBuild", config.onBuild());
        json.put("Labels", config.labels());
        putIfSet(json, "StopSignal", config.stopSignal());
        putIfSet(json, "Shell", config.shell());
        return json;
    }

    private static Map<String, Object> rootfs(Rootfs rootfs) {
        List<Digest> layers = rootfs == null || rootfs.diffIds() == null ? List.of() : rootfs.diffIds();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("Type", "layers");
        json.put("Layers", layers);
        return json;
    }

    private static void putIfSet(Map<String, Object> json, String name, Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
