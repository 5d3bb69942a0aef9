package dev.wherry.daemon.network.cni;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.network.PortMapping;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a pod wants of plugins that say that they can do it. */
final class CniCapabilities {

    private static final String INGRESS = "kubernetes.io/ingress-bandwidth";
    private static final String EGRESS = "kubernetes.io/egress-bandwidth";

    /** The plugin for bandwidth counts the burst in 32 bits. */
    private static final long LARGEST_BURST = (1L << 31) - 1;

    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)(|[kMGTP]|[KMGTP]i)");
    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("k", 1_000L),
            Map.entry("M", 1_000_000L),
            Map.entry("G", 1_000_000_000L),
            Map.entry("T", 1_000_000_000_000L),
            Map.entry("P", 1_000_000_000_000_000L),
            Map.entry("Ki", 1L << 10),
            Map.entry("Mi", 1L << 20),
            Map.entry("Gi", 1L << 30),
            Map.entry("Ti", 1L << 40),
            Map.entry("Pi", 1L << 50));

    private CniCapabilities() {}

    /** By the names of the capabilities; what the pod does not want is missing. */
    static ObjectNode of(CniPod pod) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode ports = ports(pod.ports());
        if (!ports.isEmpty()) {
            all.set("portMappings", ports);
        }
        ObjectNode bandwidth = bandwidth(pod.annotations());
        if (!bandwidth.isEmpty()) {
            all.set("bandwidth", bandwidth);
        }
        if (!pod.dns().equals(CniPod.Dns.NONE)) {
            ObjectNode dns = all.putObject("dns");
            texts(dns, "servers", pod.dns().servers());
            texts(dns, "searches", pod.dns().searches());
            texts(dns, "options", pod.dns().options());
        }
        if (!pod.annotations().isEmpty()) {
            ObjectNode annotations = all.putObject("io.kubernetes.cri.pod-annotations");
            pod.annotations().forEach(annotations::put);
        }
        return all;
    }

    private static ArrayNode ports(List<PortMapping> mappings) {
        ArrayNode ports = JsonNodeFactory.instance.arrayNode();
        for (PortMapping mapping : mappings) {
            if (mapping.hostPort() == 0) {
                continue;
            }
            for (int i = 0; i < mapping.range(); i++) {
                ObjectNode port = ports.addObject();
                port.put("hostPort", mapping.hostPort() + i)
                        .put("containerPort", mapping.containerPort() + i)
                        .put("protocol", mapping.protocol());
                mapping.hostIp().ifPresent(ip -> port.put("hostIP", ip.getHostAddress()));
            }
        }
        return ports;
    }

    private static ObjectNode bandwidth(Map<String, String> annotations) {
        ObjectNode bandwidth = JsonNodeFactory.instance.objectNode();
        if (annotations.containsKey(INGRESS)) {
            bandwidth.put("ingressRate", rate(INGRESS, annotations)).put("ingressBurst", LARGEST_BURST);
        }
        if (annotations.containsKey(EGRESS)) {
            bandwidth.put("egressRate", rate(EGRESS, annotations)).put("egressBurst", LARGEST_BURST);
        }
        return bandwidth;
    }

    /** In bits a second. */
    private static long rate(String name, Map<String, String> annotations) {
        var quantity = QUANTITY.matcher(annotations.get(name).strip());
        if (!quantity.matches()) {
            throw new InvalidInputException("the annotation " + name + " is no bandwidth, such as 10M")
                    .in("annotations");
        }
        return new BigDecimal(quantity.group(1))
                .multiply(BigDecimal.valueOf(UNITS.get(quantity.group(2))))
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    private static void texts(ObjectNode to, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            texts.forEach(to.putArray(name)::add);
        }
    }
}
