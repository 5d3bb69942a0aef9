package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.GetManifestRequest;
import dev.wherry.v1.GetManifestResponse;
import dev.wherry.v1.InspectManifestListRequest;
import dev.wherry.v1.InspectManifestListResponse;
import dev.wherry.v1.ListedManifest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry manifest inspect}. */
@Command
public final class InspectManifestCommand implements Callable<ExitStatus> {
    private static final String INDENT = "\t";

    private final Session session;

    @Option(
            names = {"-v", "--verbose"},
            description = "Output additional info including layers and platform")
    private boolean verbose;

    @Option(names = "--insecure", description = "Allowed for docker's sake; the daemon's configuration decides")
    private boolean insecure;

    @Parameters(paramLabel = "MANIFEST", arity = "1..2")
    private List<String> names;

    public InspectManifestCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        String name = names.getLast();
        Optional<InspectManifestListResponse> list = list(names.getFirst());
        Object shown;
        if (names.size() == 2) {
            shown = single(entry(list, names.getFirst(), name));
        } else {
            shown = list.isPresent() ? listed(list.get()) : single(name);
        }
        session.console().out().println(JsonValues.indented(shown, INDENT));
        return ExitStatus.SUCCESS;
    }

    /** The list that is put together under a name, which goes before what the registry has; empty where there is none. */
    private Optional<InspectManifestListResponse> list(String name) {
        try {
            return Optional.of(session.daemon()
                    .manifestLists()
                    .inspect(InspectManifestListRequest.newBuilder()
                            .setList(name)
                            .build()));
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The reference by digest of a manifest of a list. */
    private static String entry(Optional<InspectManifestListResponse> list, String listName, String name) {
        String wanted = ImageName.familiar(ImageName.withTag(name));
        return list.stream()
                .flatMap(known -> known.getManifestsList().stream())
                .filter(entry -> ImageName.familiar(entry.getReference()).equals(wanted))
                .findFirst()
                .map(entry -> byDigest(entry.getReference(), entry.getDigest()))
                .orElseThrow(() -> new Failure("manifest for image " + name + " does not exist in " + listName));
    }

    private static String byDigest(String reference, String digest) {
        int at = reference.indexOf('@');
        String named = at < 0 ? reference : reference.substring(0, at);
        int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
        return (colon < 0 ? named : named.substring(0, colon)) + "@" + digest;
    }

    private Object single(String name) {
        GetManifestResponse manifest = get(name);
        Map<?, ?> document = parse(manifest.getContent().toStringUtf8());
        return verbose ? described(name, manifest, document) : document;
    }

    private Object listed(InspectManifestListResponse list) {
        Map<?, ?> document = parse(list.getJson());
        if (!verbose) {
            return document;
        }
        List<Object> all = new ArrayList<>();
        List<?> entries = (List<?>) document.get("manifests");
        for (int i = 0; i < entries.size(); i++) {
            ListedManifest listed = list.getManifests(i);
            all.add(entry(
                    byDigest(listed.getReference(), listed.getDigest()), ((Map<?, ?>) entries.get(i)).get("platform")));
        }
        return all;
    }

    private GetManifestResponse get(String reference) {
        return session.daemon()
                .registries()
                .getManifest(GetManifestRequest.newBuilder()
                        .setReference(reference)
                        .addAllLogins(new StoredLogins(session.console()).forReference(reference))
                        .build());
    }

    private static Map<?, ?> parse(String text) {
        try {
            if (JsonValues.parse(text) instanceof Map<?, ?> document) {
                return document;
            }
        } catch (IllegalArgumentException malformed) {
            // Reported below.
        }
        throw new Failure("the registry sent a manifest that is malformed");
    }

    /** A manifest with its descriptor; of an index each manifest that it lists. */
    private Object described(String name, GetManifestResponse manifest, Map<?, ?> document) {
        if (!(document.get("manifests") instanceof List<?> entries)) {
            return described(name, manifest, document, null);
        }
        List<Object> all = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> listed && listed.get("digest") instanceof String digest) {
                all.add(entry(byDigest(name, digest), listed.get("platform")));
            }
        }
        return all;
    }

    private Object entry(String reference, Object platform) {
        GetManifestResponse one = get(reference);
        return described(reference, one, parse(one.getContent().toStringUtf8()), platform);
    }

    private static Map<String, Object> described(
            String reference, GetManifestResponse manifest, Map<?, ?> document, Object platform) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", manifest.getMediaType());
        descriptor.put("digest", manifest.getDigest());
        descriptor.put("size", (long) manifest.getContent().size());
        if (platform != null) {
            descriptor.put("platform", platform);
        }
        boolean docker = manifest.getMediaType().startsWith("application/vnd.docker");
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("Ref", reference);
        described.put("Descriptor", descriptor);
        described.put(docker ? "SchemaV2Manifest" : "OCIManifest", document);
        return described;
    }
}
