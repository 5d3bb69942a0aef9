package dev.wherry.daemon.api.docker.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.wherry.daemon.api.docker.http.ApiVersion;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.container.config.ConsoleSize;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.MountRequest.ReadOnlyBelow;
import dev.wherry.daemon.container.config.MountRequest.Type;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bodies of creations ask for. */
class CreateBodyTest {

    private static ContainerConfig config(String body) {
        return CreateBody.config(JsonBody.parse(body.replace('\'', '"')), ApiVersion.NEWEST, LogConfig.DEFAULT);
    }

    @Test
    void whatTheCommandLineSendsForNothingAsksForNothing() {
        ContainerConfig config = config("""
                {'Image':'busybox','Cmd':['true'],'Hostname':'','Volumes':{},'Entrypoint':null,'OnBuild':null,'Labels':{},
                 'HostConfig':{'Binds':null,'NetworkMode':'default','PortBindings':{},'RestartPolicy':{'Name':'no'},
                  'MemorySwappiness':-1,'OomKillDisable':false,'PidsLimit':0,'Ulimits':[],'ConsoleSize':[0,0]},
                 'NetworkingConfig':{'EndpointsConfig':{'default':{'IPAMConfig':null,'Links':null,'Aliases':null}}}}
                """);
        assertThat(config.network()).isEqualTo("bridge");
        assertThat(config.networking().attachments()).containsExactly(NetworkAttachment.to("bridge"));
        assertThat(config.resources()).isEqualTo(Resources.DEFAULT);
        assertThat(config.restart()).isEqualTo(RestartPolicy.NO);
        assertThat(config.mounts()).isEmpty();
        assertThat(config.args()).containsExactly("true");
        assertThat(config.stopTimeout()).isEqualTo(ContainerConfig.STOP_DEFAULT);
    }

    @Test
    void placesAndNamesOfMountsAreTakenFromAllFourFields() {
        ContainerConfig config = config("""
                {'Volumes':{'/v':{},'/data':{}},'HostConfig':{
                 'Binds':['/host:/in:ro,rshared','vol:/data:nocopy','/anonymous'],
                 'Mounts':[{'Type':'volume','Source':'n','Target':'/n','VolumeOptions':{'Labels':{'a':'b'},'Subpath':'s'}},
                           {'Type':'bind','Source':'/x','Target':'/y','BindOptions':{'NonRecursive':true}}],
                 'Tmpfs':{'/t':'size=1m,exec'}}}
                """);
        assertThat(config.mounts())
                .extracting(MountRequest::type, MountRequest::source, MountRequest::target)
                .containsExactly(
                        tuple(Type.BIND, "/host", "/in"),
                        tuple(Type.VOLUME, "vol", "/data"),
                        tuple(Type.VOLUME, "", "/anonymous"),
                        tuple(Type.VOLUME, "n", "/n"),
                        tuple(Type.BIND, "/x", "/y"),
                        tuple(Type.TMPFS, "", "/t"),
                        tuple(Type.VOLUME, "", "/v"));
        assertThat(config.volumes().places()).containsExactly("/data");
        MountRequest bind = config.mounts().getFirst();
        assertThat(bind.readOnly()).isTrue();
        assertThat(bind.propagation()).isEqualTo("rshared");
        assertThat(bind.createSource()).isTrue();
        assertThat(config.mounts().get(1).volume().noCopy()).isTrue();
        assertThat(config.mounts().get(3).volume().labels()).isEqualTo(Map.of("a", "b"));
        assertThat(config.mounts().get(3).volume().subpath()).isEqualTo("s");
        assertThat(config.mounts().get(4).nonRecursive()).isTrue();
        assertThat(config.mounts().get(5).tmpfsOptions()).containsExactly("size=1m", "exec");
    }

    @Test
    void volumeWithoutANameIsAMountOrAPlaceAsItWasAskedFor() {
        ContainerConfig config =
                config("{'Volumes':{'/v':{}},'HostConfig':{'Mounts':[{'Type':'volume','Target':'/m'}]}}");
        assertThat(config.mounts())
                .extracting(MountRequest::target, MountRequest::isAnonymous)
                .containsExactly(tuple("/m", false), tuple("/v", true));
    }

    @Test
    void noHiddenPathsAreSomethingElseThanTheUsualOnes() {
        assertThat(config("{'HostConfig':{'MaskedPaths':null}}")
                        .isolation()
                        .pod()
                        .maskedPaths())
                .isNull();
        assertThat(config("{'HostConfig':{'MaskedPaths':[]}}").isolation().pod().maskedPaths())
                .isEmpty();
        assertThat(config("{'HostConfig':{'ReadonlyPaths':['/proc/bus']}}")
                        .isolation()
                        .pod()
                        .readOnlyPaths())
                .containsExactly("/proc/bus");
    }

    @Test
    void readOnlyBindOfAnOldClientSaysNothingOfTheMountsBelow() {
        JsonBody body = JsonBody.parse("""
                {"HostConfig":{"Binds":["/a:/a:ro","/b:/b","v:/v:ro"],
                 "Mounts":[{"Type":"bind","Source":"/c","Target":"/c","ReadOnly":true,
                            "BindOptions":{"ReadOnlyForceRecursive":true}}]}}
                """);
        assertThat(CreateBody.config(body, new ApiVersion(1, 43), LogConfig.DEFAULT)
                        .mounts())
                .extracting(MountRequest::readOnlyBelow)
                .containsExactly(
                        ReadOnlyBelow.NO, ReadOnlyBelow.IF_POSSIBLE, ReadOnlyBelow.IF_POSSIBLE, ReadOnlyBelow.ALWAYS);
        assertThat(CreateBody.config(body, new ApiVersion(1, 44), LogConfig.DEFAULT)
                        .mounts())
                .extracting(MountRequest::readOnlyBelow)
                .doesNotContain(ReadOnlyBelow.NO);
    }

    @Test
    void limitOfProcessesIsLiftedByAnUpdateAlone() {
        for (int none : new int[] {0, -1, -2}) {
            assertThat(config("{'HostConfig':{'PidsLimit':" + none + "}}").resources())
                    .isEqualTo(Resources.DEFAULT);
            assertThat(pidsOfUpdate("{\"PidsLimit\":" + none + "}", ApiVersion.NEWEST))
                    .isEqualTo(-1);
        }
        assertThat(pidsOfUpdate("{\"PidsLimit\":16}", ApiVersion.NEWEST)).isEqualTo(16);
        assertThat(pidsOfUpdate("{\"PidsLimit\":16}", new ApiVersion(1, 39))).isZero();
        assertThat(pidsOfUpdate("{\"PidsLimit\":null}", ApiVersion.NEWEST)).isZero();
    }

    private static long pidsOfUpdate(String body, ApiVersion version) {
        return HostConfigBody.changes(JsonBody.parse(body), version).pidsLimit();
    }

    @Test
    void consoleHasHeightThenWidth() {
        assertThat(config("{'HostConfig':{'ConsoleSize':[57,123]}}").console()).isEqualTo(new ConsoleSize(57, 123));
        assertThat(config("{'HostConfig':{'ConsoleSize':[0,0]}}").console()).isEqualTo(ConsoleSize.NONE);
        assertThat(config("{'HostConfig':{'ConsoleSize':[57]}}").console()).isEqualTo(ConsoleSize.NONE);
    }

    @Test
    void theNetworkOfTheModeComesFirst() {
        ContainerConfig config = config("""
                {'HostConfig':{'NetworkMode':'back'},'NetworkingConfig':{'EndpointsConfig':{
                 'front':{'Aliases':['w'],'GwPriority':3,'Links':['db:data']},
                 'back':{'IPAMConfig':{'IPv4Address':'10.0.0.7'},'MacAddress':'02:00:00:00:00:01'}}}}
                """);
        assertThat(config.networking().attachments())
                .containsExactly(
                        new NetworkAttachment(
                                "back", List.of(), "10.0.0.7", "", "02:00:00:00:00:01", Map.of(), 0, List.of()),
                        new NetworkAttachment("front", List.of("w"), "", "", "", Map.of(), 3, List.of("db:data")));
        assertThat(config("{'HostConfig':{'NetworkMode':'host'}}").networking().attachments())
                .isEmpty();
    }

    @Test
    void portsAreFreeOnesRangesOrNumbers() {
        ContainerConfig config = config("""
                {'ExposedPorts':{'90':{},'91/udp':{}},'HostConfig':{'PortBindings':{
                 '80/tcp':[{'HostIp':'127.0.0.1','HostPort':'8080'},{'HostPort':'9000-9010'}],
                 '53/UDP':[{'HostPort':''}],'54':null}}}
                """);
        assertThat(config.expose()).containsExactly("90/tcp", "91/udp");
        assertThat(config.networking().ports())
                .containsExactly(
                        new PortBinding(80, "tcp", "127.0.0.1", 8080, 0),
                        new PortBinding(80, "tcp", "", 9000, 9010),
                        new PortBinding(53, "udp", "", 0, 0),
                        PortBinding.anywhere(54, "tcp"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'HostConfig':{'RestartPolicy':{'Name':'sometimes'}}}",
                "{'HostConfig':{'RestartPolicy':{'Name':'always','MaximumRetryCount':2}}}",
                "{'HostConfig':{'Binds':['/a:/b:/c:/d']}}",
                "{'HostConfig':{'Binds':['/a:/b:nonsense']}}",
                "{'HostConfig':{'Mounts':[{'Type':'npipe','Target':'/a'}]}}",
                "{'HostConfig':{'PortBindings':{'http':[{}]}}}",
                "{'HostConfig':{'PortBindings':{'80':[{'HostPort':'-1'}]}}}",
                "{'HostConfig':{'PortBindings':{'80':[{'HostPort':'80a'}]}}}",
            })
    void whatCannotBeIsRefused(String body) {
        assertThatThrownBy(() -> config(body)).isInstanceOf(InvalidInputException.class);
    }
}
