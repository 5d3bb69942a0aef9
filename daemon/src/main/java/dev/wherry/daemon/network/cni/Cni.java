package dev.wherry.daemon.network.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.cni.CniAttachments.Attachment;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The network of a cluster, where one is configured. The configuration is the first file by name in its folder, and is read
 * anew for each pod; a pod that is connected keeps the one by which it was. One pod is connected or disconnected by one
 * thread at a time.
 *
 * <p>A killed daemon leaves what it began in a file: {@link #attached} names it after the next start, and {@link #detach}
 * undoes it.
 */
@Singleton
public final class Cni {

    /** The name that pods know their interface by. */
    public static final String INTERFACE = "eth0";

    private static final Logger LOG = Logger.getLogger(Cni.class);

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");

    private final CniSettings settings;
    private final CniProgram programs;
    private final CniAttachments attachments;

    Cni(Layout layout, CniSettings settings) {
        this.settings = settings;
        this.programs = new CniProgram(settings.programs());
        this.attachments = new CniAttachments(layout.root().resolve("networks/cni"));
    }

    /** Whether pods are to be connected by CNI. */
    public boolean isConfigured() {
        return CniConfiguration.file(settings.configurations()).isPresent();
    }

    /** Why no pod can be connected now; empty when it can be, or CNI is not configured. */
    public Optional<String> problem() {
        try {
            Optional<Path> file = CniConfiguration.file(settings.configurations());
            if (file.isPresent()) {
                CniConfiguration configuration = CniConfiguration.read(file.get());
                for (ObjectNode plugin : configuration.plugins()) {
                    programs.find(plugin.path("type").asText());
                    if (configuration.version().isFrom(CniVersion.REPORTS)) {
                        programs.run(
                                "STATUS",
                                Map.of(),
                                input(configuration, plugin, Optional.empty(), JsonNodeFactory.instance.objectNode()));
                    }
                }
            }
            return Optional.empty();
        } catch (WherryException failure) {
            return Optional.of(failure.getMessage());
        }
    }

    /**
     * Connects a pod.
     *
     * @param namespace the file of its network namespace
     * @throws HostException when it cannot be connected, or CNI is not configured; nothing is left of it then
     */
    public CniResult attach(CniPod pod, Path namespace) {
        CniConfiguration configuration = CniConfiguration.file(settings.configurations())
                .map(CniConfiguration::read)
                .orElseThrow(() -> new HostException("there is no CNI configuration in " + settings.configurations()));
        Attachment begun = new Attachment(
                checked(pod.id()), namespace, pod.args(), CniCapabilities.of(pod), configuration, Optional.empty());
        attachments.put(begun);
        try {
            NetworkNamespace.raiseLoopback(namespace);
            JsonNode answer = add(begun);
            CniResult result = CniResult.of(answer, INTERFACE);
            attachments.put(begun.with(answer));
            return result;
        } catch (IOException failure) {
            undo(begun);
            throw new HostException("cannot raise the loopback interface of a pod: " + failure.getMessage(), failure);
        } catch (RuntimeException failure) {
            undo(begun);
            throw failure;
        }
    }

    private JsonNode add(Attachment attachment) {
        Optional<JsonNode> before = Optional.empty();
        for (ObjectNode plugin : attachment.configuration().plugins()) {
            JsonNode answer = programs.run(
                    "ADD",
                    variables(attachment),
                    input(attachment.configuration(), plugin, before, attachment.capabilities()));
            if (!answer.isObject()) {
                throw new HostException("CNI plugin " + plugin.path("type").asText() + " answered nothing");
            }
            before = Optional.of(answer);
        }
        return before.orElseThrow();
    }

    /** Undoes what was begun as far as it can be: a plugin that could not make a connection may not know of it. */
    private void undo(Attachment attachment) {
        for (ObjectNode plugin : attachment.configuration().plugins().reversed()) {
            try {
                remove(attachment, plugin);
            } catch (WherryException failure) {
                LOG.warnf("pod %s: %s", attachment.pod(), failure.getMessage());
            }
        }
        attachments.remove(attachment.pod());
    }

    /**
     * Disconnects a pod; one that is not connected is fine.
     *
     * @throws HostException when a plugin fails: the pod stays known, so that this can be repeated
     */
    public void detach(String pod) {
        Optional<Attachment> known = attachments.get(checked(pod));
        if (known.isEmpty()) {
            return;
        }
        if (known.get().result().isEmpty()) {
            undo(known.get());
            return;
        }
        known.get().configuration().plugins().reversed().forEach(plugin -> remove(known.get(), plugin));
        attachments.remove(pod);
    }

    private void remove(Attachment attachment, ObjectNode plugin) {
        programs.run(
                "DEL",
                variables(attachment),
                input(attachment.configuration(), plugin, made(attachment), attachment.capabilities()));
    }

    /**
     * Has the plugins check what they made for a pod.
     *
     * @throws HostException when something is not as it was made
     */
    public void check(String pod) {
        Optional<Attachment> known =
                attachments.get(checked(pod)).filter(one -> one.result().isPresent());
        if (known.isEmpty()) {
            throw new HostException("pod " + pod + " is not connected");
        }
        CniConfiguration configuration = known.get().configuration();
        if (!configuration.checks() || !configuration.version().isFrom(CniVersion.CHECKS)) {
            return;
        }
        for (ObjectNode plugin : configuration.plugins()) {
            programs.run(
                    "CHECK",
                    variables(known.get()),
                    input(configuration, plugin, made(known.get()), known.get().capabilities()));
        }
    }

    /** The pods that are connected, or were about to be when a daemon was killed. */
    public List<String> attached() {
        return attachments.pods();
    }

    /** What a pod was given; empty when it is not connected. */
    public Optional<CniResult> result(String pod) {
        return attachments.get(checked(pod)).flatMap(Attachment::result).map(answer -> CniResult.of(answer, INTERFACE));
    }

    /**
     * Disconnects the pods that are not among these, and has the plugins give back what they hold for others. A failure is
     * logged: what is left is tried again the next time.
     */
    public void collect(Set<String> pods) {
        for (String pod : attached()) {
            if (!pods.contains(pod)) {
                try {
                    detach(pod);
                } catch (WherryException failure) {
                    LOG.warnf("pod %s: %s", pod, failure.getMessage());
                }
            }
        }
        try {
            CniConfiguration.file(settings.configurations())
                    .map(CniConfiguration::read)
                    .filter(CniConfiguration::collects)
                    .filter(configuration -> configuration.version().isFrom(CniVersion.REPORTS))
                    .ifPresent(configuration -> collect(configuration, attached()));
        } catch (WherryException failure) {
            LOG.warn(failure.getMessage());
        }
    }

    private void collect(CniConfiguration configuration, Collection<String> valid) {
        ArrayNode attached = JsonNodeFactory.instance.arrayNode();
        valid.forEach(pod -> attached.addObject().put("containerID", pod).put("ifname", INTERFACE));
        for (ObjectNode plugin : configuration.plugins()) {
            ObjectNode input = input(configuration, plugin, Optional.empty(), JsonNodeFactory.instance.objectNode());
            input.set("cni.dev/valid-attachments", attached);
            programs.run("GC", Map.of(), input);
        }
    }

    /** What the plugins answered when they were run; older ones do not want to be told. */
    private static Optional<JsonNode> made(Attachment attachment) {
        return attachment.configuration().version().isFrom(CniVersion.CHECKS) ? attachment.result() : Optional.empty();
    }

    private static String checked(String pod) {
        if (!ID.matcher(pod).matches()) {
            throw new IllegalArgumentException("\"" + pod + "\" is no ID of a pod");
        }
        return pod;
    }

    private static Map<String, String> variables(Attachment attachment) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("CNI_CONTAINERID", attachment.pod());
        // Of a namespace that is gone, with a reboot for one, plugins take no path that leads nowhere.
        variables.put(
                "CNI_NETNS",
                Files.exists(attachment.namespace()) ? attachment.namespace().toString() : "");
        variables.put("CNI_IFNAME", INTERFACE);
        variables.put("CNI_ARGS", attachment.args());
        return variables;
    }

    /** The input of a plugin: its part of the configuration, and what the list and the call add. */
    private static ObjectNode input(
            CniConfiguration configuration, ObjectNode plugin, Optional<JsonNode> before, ObjectNode capabilities) {
        ObjectNode input = plugin.deepCopy();
        input.put("name", configuration.name())
                .put("cniVersion", configuration.version().toString());
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        plugin.path("capabilities").properties().forEach(declared -> {
            if (declared.getValue().asBoolean() && capabilities.has(declared.getKey())) {
                wanted.set(declared.getKey(), capabilities.get(declared.getKey()));
            }
        });
        if (!wanted.isEmpty()) {
            input.set("runtimeConfig", wanted);
        }
        before.ifPresent(result -> input.set("prevResult", result));
        return input;
    }
}
