package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.config.PodMembership;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.pod.Pod;
import dev.wherry.daemon.pod.SandboxConfig;
import dev.wherry.daemon.pod.SandboxConfig.Dns;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import java.util.List;
import java.util.Locale;

/** A pod as it is inspected: docker has none, so the names are in its style. */
public final class PodJson {

    private PodJson() {}

    /** @param members its containers */
    public static String of(Pod pod, List<Container> members) {
        SandboxConfig config = pod.config();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Id", pod.id());
        json.put("Name", config.name());
        json.put("Namespace", config.namespace());
        json.put("Uid", config.uid());
        json.put("Attempt", config.attempt());
        json.put("State", pod.state().toString());
        json.put("Created", pod.createdAt().toString());
        json.put("Hostname", config.hostname());
        json.set("IPAddresses", HostConfigJson.array(pod.addresses()));
        json.put("NetworkMode", share(config.network()));
        json.put("PidMode", share(config.pid()));
        json.put("IpcMode", share(config.ipc()));
        json.put("Privileged", config.privileged());
        json.put("Runtime", config.runtime());
        json.put("CgroupParent", config.cgroupParent());
        json.put("LogDirectory", config.logDirectory());
        dns(json.putObject("Dns"), config.dns());
        ArrayNode ports = json.putArray("Ports");
        config.ports().forEach(port -> port(ports.addObject(), port));
        json.set("Sysctls", HostConfigJson.map(config.sysctls()));
        json.set("Labels", HostConfigJson.map(config.labels()));
        json.set("Annotations", HostConfigJson.map(config.annotations()));
        ArrayNode containers = json.putArray("Containers");
        members.forEach(member -> container(containers.addObject(), member));
        return json.toString();
    }

    private static String share(Share share) {
        return share.name().toLowerCase(Locale.ROOT);
    }

    private static void dns(ObjectNode json, Dns dns) {
        json.set("Servers", HostConfigJson.array(dns.servers()));
        json.set("Searches", HostConfigJson.array(dns.searches()));
        json.set("Options", HostConfigJson.array(dns.options()));
    }

    private static void port(ObjectNode json, PortBinding port) {
        json.put("ContainerPort", port.port());
        json.put("HostIp", port.hostIp());
        json.put("HostPort", port.hostPort());
    }

    private static void container(ObjectNode json, Container container) {
        PodMembership membership = container.settings().request().pod();
        json.put("Id", container.id());
        json.put("Name", membership.name());
        json.put("Attempt", membership.attempt());
        json.put("Image", membership.image());
        json.put("State", container.state().toString());
        json.put("ExitCode", container.exitCode());
        json.put("LogPath", membership.log());
    }
}
