package dev.wherry.daemon.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.buildkit.control.ControlGrpc;
import dev.wherry.buildkit.gateway.LLBBridgeGrpc;
import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Role;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.api.server.Peer;
import dev.wherry.daemon.error.ForbiddenException;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every method has a rule, and every method was tried with every role. */
class MethodRulesTest {

    private static final Path PROTOS = Path.of("../proto/src/main/proto/wherry/v1");
    private static final Pattern SERVICE = Pattern.compile("(?m)^service (\\w+) \\{");
    private static final Path TABLE = Path.of("src/test/resources/auth/every-method-every-role.txt");

    /** The methods of all services that the daemon has, those of the protocol itself included. */
    private static TreeSet<String> methods() throws IOException, ReflectiveOperationException {
        TreeSet<String> methods = new TreeSet<>();
        try (Stream<Path> protos = Files.list(PROTOS)) {
            for (Path proto : protos.toList()) {
                for (String service : SERVICE.matcher(Files.readString(proto))
                        .results()
                        .map(match -> match.group(1))
                        .toList()) {
                    add(methods, descriptor("dev.wherry.v1." + service + "Grpc"));
                }
            }
        }
        add(methods, descriptor("dev.wherry.cri.v1.RuntimeServiceGrpc"));
        add(methods, descriptor("dev.wherry.cri.v1.ImageServiceGrpc"));
        add(methods, ControlGrpc.getServiceDescriptor());
        add(methods, LLBBridgeGrpc.getServiceDescriptor());
        add(methods, descriptor("grpc.health.v1.HealthGrpc"));
        add(methods, descriptor("io.grpc.reflection.v1.ServerReflectionGrpc"));
        add(methods, descriptor("grpc.reflection.v1alpha.ServerReflectionGrpc"));
        return methods;
    }

    private static ServiceDescriptor descriptor(String type) throws ReflectiveOperationException {
        return (ServiceDescriptor)
                Class.forName(type).getMethod("getServiceDescriptor").invoke(null);
    }

    private static void add(TreeSet<String> methods, ServiceDescriptor service) {
        service.getMethods().stream().map(MethodDescriptor::getFullMethodName).forEach(methods::add);
    }

    @Test
    void everyMethodHasARuleAndEveryRuleAMethod() throws Exception {
        assertThat(methods())
                .hasSizeGreaterThan(80)
                .isEqualTo(new TreeSet<>(MethodRules.read().roles().keySet()));
    }

    @Test
    void everyMethodWasTriedWithEveryRole() throws Exception {
        StringBuilder table = new StringBuilder(
                String.format("%-62s no role  %s%n", "# who may call", "reader   builder  operator admin"));
        for (String method : methods()) {
            String answers = Stream.concat(
                            Stream.of(Optional.<Role>empty()),
                            Arrays.stream(Role.values()).map(Optional::of))
                    .map(role -> String.format("%-8s", mayCall(role, method) ? "yes" : "no"))
                    .collect(Collectors.joining(" "));
            table.append(String.format("%-62s %s", method, answers).stripTrailing())
                    .append('\n');
        }

        assertThat(table.toString()).isEqualTo(Files.readString(TABLE));
    }

    private static boolean mayCall(Optional<Role> role, String method) {
        List<RoleBinding> bindings = role
                .map(given -> new RoleBinding(RoleBinding.Kind.USER, "1000", given))
                .or(() -> Optional.of(new RoleBinding(RoleBinding.Kind.USER, "1001", Role.ADMIN)))
                .stream()
                .toList();
        AccessSettings settings = new AccessSettings(bindings, false, List.of(), List.of(), List.of());
        try {
            new AccessGate(settings, MethodRules.read(), new Roles(settings))
                    .admit(Optional.of(new Peer.LocalUser(1000, 1000, 1, List.of())), method);
            return true;
        } catch (ForbiddenException refused) {
            return false;
        }
    }

    @Test
    void methodWithoutARuleIsTheAdmins() {
        assertThat(MethodRules.parse("# nothing\n").role("wherry.v1.NewService/New"))
                .isEqualTo(Role.ADMIN);
    }
}
