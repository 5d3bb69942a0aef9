package dev.wherry.daemon.api.docker.buildkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.buildkit.control.CacheOptionsEntry;
import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.daemon.api.docker.buildkit.session.ClientSession;
import dev.wherry.daemon.api.docker.buildkit.session.SessionStore;
import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.UnsupportedException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Caches that builds share, as clients of BuildKit name them. */
final class CacheAttributes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOCAL = "local";

    /** The client puts the cache into its index, under the tag that it was asked for. */
    private static final String USUAL_TAG = "latest";

    private CacheAttributes() {}

    /** A cache in a folder of the client. */
    @FunctionalInterface
    interface Folders {
        CacheSource cache(String folder, String digest);
    }

    /** @param folders those of the client */
    static List<CacheSource> sources(SolveRequest request, Attributes options, Folders folders) {
        List<CacheOptionsEntry> entries = new ArrayList<>(request.getCache().getImportsList());
        options.text("cache-imports").ifPresent(text -> entries.addAll(parse(text)));
        options.list("cache-from")
                .forEach(name -> entries.add(CacheOptionsEntry.newBuilder()
                        .setType("registry")
                        .putAttrs("ref", name)
                        .build()));
        return entries.stream().distinct().map(entry -> source(entry, folders)).toList();
    }

    private static List<CacheOptionsEntry> parse(String text) {
        try {
            List<CacheOptionsEntry> entries = new ArrayList<>();
            for (JsonNode entry : JSON.readTree(text)) {
                Map<String, String> attributes = new HashMap<>();
                entry.path("Attrs")
                        .properties()
                        .forEach(one ->
                                attributes.put(one.getKey(), one.getValue().asText()));
                entries.add(CacheOptionsEntry.newBuilder()
                        .setType(entry.path("Type").asText())
                        .putAllAttrs(attributes)
                        .build());
            }
            return entries;
        } catch (JsonProcessingException malformed) {
            throw new InvalidInputException("invalid value for cache-imports: it is no JSON");
        }
    }

    private static CacheSource source(CacheOptionsEntry entry, Folders folders) {
        Attributes attributes = new Attributes(entry.getAttrsMap());
        return switch (entry.getType()) {
            case "registry" -> new CacheSource.Registry(reference(attributes));
            case "gha" -> new CacheSource.Actions(access(attributes));
            case LOCAL ->
                folders.cache(
                        attributes
                                .text("src")
                                .orElseThrow(() -> new InvalidInputException("a cache in a folder needs src=FOLDER")),
                        attributes
                                .text("digest")
                                .orElseThrow(() -> new InvalidInputException(
                                        "the client does not say which manifest of the folder the cache is")));
            default -> throw unsupported("--cache-from", entry.getType());
        };
    }

    /** @param session has the folders that caches are written into */
    static List<CacheTarget> targets(SolveRequest request, Optional<ClientSession> session)
            throws InterruptedException {
        List<CacheTarget> targets = new ArrayList<>();
        for (CacheOptionsEntry entry : request.getCache().getExportsList()) {
            targets.add(target(entry, session));
        }
        return targets;
    }

    /** The folders of the client that caches are written into, by their places; those elsewhere have none. */
    static List<String> folders(SolveRequest request) {
        return request.getCache().getExportsList().stream()
                .map(entry -> entry.getAttrsOrDefault("dest", ""))
                .toList();
    }

    private static CacheTarget.Place.Folder folder(Attributes attributes, Optional<ClientSession> session)
            throws InterruptedException {
        String folder = attributes
                .text("dest")
                .orElseThrow(() -> new InvalidInputException("a cache in a folder needs dest=FOLDER"));
        SessionStore store = SessionStore.ofCaches(
                session.orElseThrow(() -> new InvalidInputException("the build needs a session of its client")),
                folder);
        store.require();
        return new CacheTarget.Place.Folder(USUAL_TAG, new byte[0], store.blobs());
    }

    private static CacheTarget target(CacheOptionsEntry entry, Optional<ClientSession> session)
            throws InterruptedException {
        Attributes attributes = new Attributes(entry.getAttrsMap());
        CacheTarget.Place place = switch (entry.getType()) {
            case "inline" -> new CacheTarget.Place.Inline();
            case "registry" -> new CacheTarget.Place.Registry(reference(attributes));
            case "gha" -> new CacheTarget.Place.Actions(access(attributes));
            case LOCAL -> folder(attributes, session);
            default -> throw unsupported("--cache-to", entry.getType());
        };
        boolean oci = attributes.flag("oci-mediatypes", true);
        return CacheTarget.of(
                place,
                attributes.text("mode").map("max"::equals).orElse(false),
                new ArchiveOptions(
                        ArchiveOptions.Format.OCI,
                        List.of(),
                        ExporterOptions.compression(attributes),
                        attributes.number("compression-level"),
                        attributes.flag("force-compression", false),
                        oci),
                attributes.flag("image-manifest"),
                attributes.flag("ignore-error", false));
    }

    private static Reference reference(Attributes attributes) {
        return Reference.parse(attributes
                .text("ref")
                .orElseThrow(() -> new InvalidInputException("a cache in a registry needs ref=NAME")));
    }

    private static ActionsAccess access(Attributes attributes) {
        return ActionsAccess.of(
                attributes.text("url_v2").or(() -> attributes.text("url")).orElse(""),
                attributes.text("token").orElse(""),
                attributes.text("scope").orElse(""));
    }

    private static UnsupportedException unsupported(String option, String type) {
        return new UnsupportedException(
                option + ": a cache of the type \"" + type + "\" is not supported: use registry, local, inline or gha");
    }
}
