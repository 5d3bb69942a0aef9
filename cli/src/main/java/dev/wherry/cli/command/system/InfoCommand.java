package dev.wherry.cli.command.system;

import dev.wherry.cli.client.ClientVersion;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.Template;
import dev.wherry.v1.HostTool;
import dev.wherry.v1.InfoRequest;
import dev.wherry.v1.InfoResponse;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code wherry info}. */
@Command
public final class InfoCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    public InfoCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        InfoResponse info = session.daemon().system().info(InfoRequest.getDefaultInstance());
        PrintStream out = session.console().out();
        if (format != null) {
            out.println(Template.render(format, value(info)));
        } else {
            print(info, out);
        }
        return ExitStatus.SUCCESS;
    }

    private static void print(InfoResponse info, PrintStream out) {
        out.println("Client:");
        line(out, 1, "Version", ClientVersion.NUMBER);
        out.println();
        out.println("Server:");
        line(out, 1, "Containers", info.getContainers());
        line(out, 2, "Running", info.getContainersRunning());
        line(out, 2, "Paused", info.getContainersPaused());
        line(out, 2, "Stopped", info.getContainersStopped());
        line(out, 1, "Images", info.getImages());
        line(out, 1, "Server Version", info.getVersion().getVersion());
        line(out, 1, "Storage Driver", info.getStorageDriver());
        line(out, 1, "Logging Driver", info.getLoggingDriver());
        line(out, 1, "Cgroup Driver", info.getCgroupDriver());
        line(out, 1, "Cgroup Version", info.getCgroupVersion());
        line(out, 1, "Runtimes", String.join(" ", info.getRuntimesList()));
        line(
                out,
                1,
                "Default Runtime",
                info.getRuntimeReason().isEmpty()
                        ? info.getRuntime()
                        : info.getRuntime() + " (" + info.getRuntimeReason() + ")");
        printSecurity(info.getSecurityOptionsList(), out);
        line(out, 1, "Default Registry", info.getDefaultRegistry());
        printList(out, "Registry Mirrors", info.getRegistryMirrorsList());
        printList(out, "Insecure Registries", info.getInsecureRegistriesList());
        printList(out, "Blocked Registries", info.getBlockedRegistriesList());
        line(out, 1, "Kernel Version", info.getVersion().getKernel());
        line(out, 1, "Operating System", info.getOperatingSystem());
        line(out, 1, "OSType", info.getVersion().getOs());
        line(out, 1, "Architecture", info.getVersion().getArch());
        line(out, 1, "CPUs", info.getCpus());
        line(out, 1, "Total Memory", Units.size(info.getMemoryBytes()));
        line(out, 1, "Name", info.getHostname());
        line(out, 1, "Wherry Root Dir", info.getRoot());
        line(out, 1, "Wherry Run Dir", info.getRunRoot());
        if (!info.getNamespace().isEmpty()) {
            long disk = info.getNamespaceDiskBytes();
            line(out, 1, "Namespace", info.getNamespace() + (disk == 0 ? "" : " (" + Units.memory(disk) + " of disk)"));
        }
        out.println(" Host Tools:");
        for (HostTool tool : info.getVersion().getToolsList()) {
            boolean there = !tool.getPath().isEmpty();
            line(
                    out,
                    2,
                    tool.getName(),
                    there ? tool.getVersion() + " (" + tool.getPath() + ")" : "missing: " + tool.getRemedy());
        }
        info.getWarningsList().forEach(warning -> out.println("WARNING: " + warning));
    }

    /** As docker prints them: each by its name, what else is known of it below. */
    private static void printSecurity(List<String> options, PrintStream out) {
        out.println(" Security Options:");
        for (String option : options) {
            String[] fields = option.split(",");
            out.println("  " + fields[0].replace("name=", ""));
            for (String field : List.of(fields).subList(1, fields.length)) {
                out.println("   " + field.replace("profile=", "Profile: "));
            }
        }
    }

    private static void printList(PrintStream out, String title, List<String> values) {
        if (!values.isEmpty()) {
            out.println(" " + title + ":");
            values.forEach(value -> out.println("  " + TerminalText.oneLine(value)));
        }
    }

    private static void line(PrintStream out, int depth, String name, Object value) {
        out.println(" ".repeat(depth) + name + ": " + value);
    }

    private static Map<String, Object> value(InfoResponse info) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("Containers", (long) info.getContainers());
        value.put("ContainersRunning", (long) info.getContainersRunning());
        value.put("ContainersPaused", (long) info.getContainersPaused());
        value.put("ContainersStopped", (long) info.getContainersStopped());
        value.put("Images", (long) info.getImages());
        value.put("Driver", info.getStorageDriver());
        value.put("LoggingDriver", info.getLoggingDriver());
        value.put("CgroupDriver", info.getCgroupDriver());
        value.put("CgroupVersion", info.getCgroupVersion());
        value.put("Runtimes", List.copyOf(info.getRuntimesList()));
        value.put("SecurityOptions", List.copyOf(info.getSecurityOptionsList()));
        value.put("DefaultRuntime", info.getRuntime());
        value.put("DefaultRuntimeReason", info.getRuntimeReason());
        value.put("DefaultRegistry", info.getDefaultRegistry());
        value.put("RegistryMirrors", List.copyOf(info.getRegistryMirrorsList()));
        value.put("InsecureRegistries", List.copyOf(info.getInsecureRegistriesList()));
        value.put("BlockedRegistries", List.copyOf(info.getBlockedRegistriesList()));
        value.put("KernelVersion", info.getVersion().getKernel());
        value.put("OperatingSystem", info.getOperatingSystem());
        value.put("OSType", info.getVersion().getOs());
        value.put("Architecture", info.getVersion().getArch());
        value.put("NCPU", (long) info.getCpus());
        value.put("MemTotal", info.getMemoryBytes());
        value.put("Name", info.getHostname());
        value.put("WherryRootDir", info.getRoot());
        value.put("WherryRunDir", info.getRunRoot());
        value.put("WherryNamespace", info.getNamespace());
        value.put("WherryNamespaceDisk", info.getNamespaceDiskBytes());
        value.put("ServerVersion", info.getVersion().getVersion());
        value.put("Warnings", List.copyOf(info.getWarningsList()));
        return value;
    }
}
