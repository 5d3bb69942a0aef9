package dev.wherry.daemon.runtime.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which devices a name means, and what they bring: the example of the Dockerfile reference and its relatives. */
class CdiDevicesTest {

    @TempDir
    Path etc;

    @TempDir
    Path run;

    @BeforeEach
    void describe() throws IOException {
        Files.writeString(etc.resolve("foo.yaml"), """
                cdiVersion: "0.6.0"
                kind: "vendor1.com/device"
                containerEdits:
                  env: [COMMON=1]
                devices:
                  - name: foo
                    containerEdits:
                      env:
                        - FOO=injected
                  - name: bar
                    annotations:
                      org.mobyproject.buildkit.device.class: class1
                      org.mobyproject.buildkit.device.autoallow: true
                    containerEdits:
                      env:
                        - BAR=injected
                  - name: baz
                    annotations:
                      org.mobyproject.buildkit.device.class: class1
                    containerEdits:
                      env:
                        - BAZ=injected
                """);
        Files.writeString(run.resolve("null.json"), """
                {"cdiVersion": "0.6.0", "kind": "vendor2.com/null", "devices": [{"name": "0", "containerEdits": {
                  "deviceNodes": [{"path": "/dev/nothing", "hostPath": "/dev/null", "permissions": "rw"}],
                  "mounts": [{"hostPath": "/etc", "containerPath": "/host-etc", "options": ["ro", "nosuid"]}],
                  "hooks": [{"hookName": "createContainer", "path": "/bin/true", "args": ["true", "x"], "timeout": 5}],
                  "additionalGids": [44, 0]}}]}
                """);
        Files.writeString(run.resolve("broken.json"), "{");
        Files.writeString(run.resolve("not-read.txt"), "kind: vendor3.com/x");
    }

    private CdiDevices devices() {
        return CdiDevices.in(List.of(etc, run, etc.resolve("none")));
    }

    @Test
    void aNameMeansADeviceAKindOrAClass() {
        assertThat(devices().find("vendor1.com/device=foo")).containsExactly("vendor1.com/device=foo");
        assertThat(devices().find("vendor1.com/device")).containsExactly("vendor1.com/device=bar");
        assertThat(devices().find("vendor1.com/device=*")).hasSize(3);
        assertThat(devices().find("class1")).containsExactly("vendor1.com/device=bar", "vendor1.com/device=baz");
        assertThat(devices().find("vendor1.com/device=none")).isEmpty();
        assertThat(devices().find("vendor1.com/dev")).isEmpty();
        assertThat(devices().find("class2")).isEmpty();
    }

    @Test
    void aFileOfALaterFolderGoesBeforeOthers() throws IOException {
        Files.writeString(run.resolve("foo.json"), """
                {"kind": "vendor1.com/device", "devices": [{"name": "foo", "containerEdits": {"env": ["FOO=later"]}}]}
                """);
        assertThat(devices().edits(List.of("vendor1.com/device=foo")).env()).containsExactly("FOO=later");
    }

    @Test
    void onlyAnAnnotationAllowsADeviceToEveryBuild() {
        assertThat(devices().isAllowed("vendor1.com/device=bar")).isTrue();
        assertThat(devices().isAllowed("vendor1.com/device=baz")).isFalse();
    }

    @Test
    void editsOfTheFileComeOnce() {
        assertThat(devices().edits(devices().find("class1")).env())
                .containsExactly("COMMON=1", "BAR=injected", "BAZ=injected");
    }

    @Test
    void nodesMountsHooksAndGroupsAreBrought() {
        CdiEdits edits = devices().edits(List.of("vendor2.com/null=0"));
        assertThat(edits.nodes()).containsExactly(new CdiEdits.Node("/dev/nothing", "c", 1, 3, 0666, 0, 0, "rw"));
        assertThat(edits.mounts())
                .containsExactly(new CdiEdits.Mount("/etc", "/host-etc", "bind", List.of("ro", "nosuid")));
        assertThat(edits.hooks().get("createContainer"))
                .containsExactly(new CdiEdits.Hook("/bin/true", List.of("true", "x"), List.of(), 5));
        assertThat(edits.groups()).containsExactly(44);
    }

    @Test
    void aNodeThatIsMissingIsNamed() throws IOException {
        Files.writeString(etc.resolve("x.yml"), """
                kind: vendor4.com/x
                devices:
                  - name: a
                    containerEdits: {deviceNodes: [{path: /dev/not-here}]}
                """);
        assertThatThrownBy(() -> devices().edits(List.of("vendor4.com/x=a")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(etc.resolve("x.yml") + ": the device node /dev/not-here is not there");
    }
}
