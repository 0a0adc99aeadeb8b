package dev.sluice.model.routing;

import static dev.sluice.model.routing.Declared.implementation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.model.problem.Violation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImplementationRulesTest {
    private static final String UUID = "'00000000-0000-0000-0000-000000000001'";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'host':'mockbin.org','path':'/s/'}",
                "{'host':'2001:db8::1','port':65535,'path':'/'}",
                "{'host':'192.0.2.1','retries':0,'connect_timeout':1,'write_timeout':1,'read_timeout':1}",
                "{'retries':32767,'connect_timeout':2147483646,'write_timeout':2147483646,'read_timeout':2147483646}",
                "{'host':'my_service','tags':['a']}",
                "{'protocol':'https','client_certificate':" + UUID + ",'tls_verify':false,'tls_verify_depth':0,"
                        + "'ca_certificates':[" + UUID + "]}",
                "{'protocol':'grpcs','tls_verify':true}",
            })
    void findNothingInImplementationsThatCanBeServed(String fields) {
        assertThat(ImplementationRules.check(implementation(fields))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'host':''} | host | pattern",
                "{'host':'a.io:80'} | host | pattern",
                "{'host':'[::1]'} | host | pattern",
                "{'host':'::1%eth0'} | host | pattern",
                "{'host':'a/b'} | host | pattern",
                "{'host':'1.2.3'} | host | pattern",
                "{'host':'-a.io'} | host | pattern",
                "{'port':0} | port | range",
                "{'port':65536} | port | range",
                "{'path':''} | path | pattern",
                "{'path':'s'} | path | pattern",
                "{'path':'/s?a=b'} | path | pattern",
                "{'path':'/s#a'} | path | pattern",
                "{'path':'/s/../t'} | path | not_normalised",
                "{'path':'/s/.'} | path | not_normalised",
                "{'path':'/s%2'} | path | not_normalised",
                "{'path':'/s','protocol':'grpc'} | path | invalid",
                "{'retries':-1} | retries | range",
                "{'retries':32768} | retries | range",
                "{'connect_timeout':0} | connect_timeout | range",
                "{'connect_timeout':2147483647} | connect_timeout | range",
                "{'write_timeout':0} | write_timeout | range",
                "{'write_timeout':2147483647} | write_timeout | range",
                "{'read_timeout':0} | read_timeout | range",
                "{'read_timeout':2147483647} | read_timeout | range",
                "{'client_certificate':" + UUID + "} | client_certificate | invalid",
                "{'tls_verify':true} | tls_verify | invalid",
                "{'tls_verify_depth':3} | tls_verify_depth | invalid",
                "{'tls_verify_depth':65,'protocol':'https'} | tls_verify_depth | range",
                "{'ca_certificates':[" + UUID + "]} | ca_certificates | invalid",
                "{'tags':['']} | tags[0] | pattern",
            })
    void nameTheFieldAndTheKindOfFault(String fields, String field, String code) {
        assertThat(ImplementationRules.check(implementation(fields)))
                .extracting(Violation::field, Violation::code)
                .containsExactly(tuple(field, code));
    }
}
