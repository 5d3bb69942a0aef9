package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.GetManifestRequest;
import dev.wherry.v1.GetManifestResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Parameters(paramLabel = "MANIFEST", index = "0")
    private String name;

    public InspectManifestCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        GetManifestResponse manifest = get(name);
        Map<?, ?> document = parse(manifest);
        String text = JsonValues.indented(verbose ? described(manifest, document) : document, INDENT);
        session.console().out().println(text);
        return ExitStatus.SUCCESS;
    }

    private GetManifestResponse get(String reference) {
        return session.daemon()
                .registries()
                .getManifest(GetManifestRequest.newBuilder()
                        .setReference(reference)
                        .addAllLogins(new StoredLogins(session.console()).forReference(reference))
                        .build());
    }

    private static Map<?, ?> parse(GetManifestResponse manifest) {
        try {
            if (JsonValues.parse(manifest.getContent().toStringUtf8()) instanceof Map<?, ?> document) {
                return document;
            }
        } catch (IllegalArgumentException malformed) {
            // Told below.
        }
        throw new Failure("the registry sent a manifest that is malformed");
    }

    /** A manifest with its descriptor; of an index each manifest that it lists. */
    private Object described(GetManifestResponse manifest, Map<?, ?> document) {
        if (!(document.get("manifests") instanceof List<?> entries)) {
            return described(name, manifest, document, null);
        }
        List<Object> all = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> listed && listed.get("digest") instanceof String digest) {
                int at = name.indexOf('@');
                String named = at < 0 ? name : name.substring(0, at);
                int colon = named.indexOf(':', named.lastIndexOf('/') + 1);
                String reference = (colon < 0 ? named : named.substring(0, colon)) + "@" + digest;
                GetManifestResponse one = get(reference);
                all.add(described(reference, one, parse(one), listed.get("platform")));
            }
        }
        return all;
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
