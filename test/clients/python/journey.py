"""A partner's client in Python, generated from the proto files alone.

Takes a synthetic seller from registration to the decision on its application and prints the road, one
JSON object a line. It reads ADDRESS, PLATFORM_TOKEN, OPERATOR_TOKEN and SELLER_ID from its environment,
and finds the generated code on PYTHONPATH.
"""

import datetime
import hashlib
import json
import os
import random
import sys
import uuid

import grpc
from google.protobuf import timestamp_pb2
from google.rpc import error_details_pb2
from google.type import date_pb2, money_pb2
from grpc_status import rpc_status

from lianbao.approval.v1 import approval_service_pb2 as approval
from lianbao.approval.v1 import approval_service_pb2_grpc as approval_grpc
from lianbao.kernel.v1 import kernel_pb2 as kernel
from lianbao.party.v1 import party_service_pb2 as party
from lianbao.party.v1 import party_service_pb2_grpc as party_grpc
from lianbao.scoring.v1 import scoring_service_pb2 as scoring
from lianbao.scoring.v1 import scoring_service_pb2_grpc as scoring_grpc

DEADLINE_SECONDS = 10
PLATFORM, LENDER = "platforms/market", "lenders/bank"
SELLER = f"{PLATFORM}/sellers/{os.environ['SELLER_ID']}"
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))

channel = grpc.insecure_channel(os.environ["ADDRESS"])


def bearer(name):
    return {"metadata": (("authorization", f"Bearer {os.environ[name]}"),), "timeout": DEADLINE_SECONDS}


as_platform, as_operator = bearer("PLATFORM_TOKEN"), bearer("OPERATOR_TOKEN")


def tell(step, **facts):
    print(json.dumps({"step": step, **facts}, ensure_ascii=False), flush=True)


def yuan(amount_fen):
    sign = -1 if amount_fen < 0 else 1
    units, fen = divmod(abs(amount_fen), 100)
    return money_pb2.Money(currency_code="CNY", units=sign * units, nanos=sign * fen * 10_000_000)


def day(value):
    return date_pb2.Date(year=value.year, month=value.month, day=value.day)


def moment(value):
    stamp = timestamp_pb2.Timestamp()
    stamp.FromDatetime(value)
    return stamp


def document(text):
    return kernel.DocumentReference(
        location=f"https://documents.example/{text}",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        media_type="application/pdf",
        size_bytes=1024,
    )


def credit_code(number):
    """GB 32100: of the region 000000, which no authority gives out."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    body = f"91000000{number:09d}"
    total = sum(weight * alphabet.index(character) for weight, character in zip(weights, body))
    return body + alphabet[-total % 31]


def error_info(error):
    """Reason and violations of a refusal, as google.rpc details."""
    reason, fields, texts = None, [], {}
    for detail in rpc_status.from_call(error).details:
        info, bad, text = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.LocalizedMessage()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            fields = [violation.field for violation in bad.field_violations]
        elif detail.Unpack(text):
            texts[text.locale] = text.message
    return reason, fields, texts


def refused_first():
    """What is wrong is said field by field, before anything is written."""
    try:
        party_grpc.SellerServiceStub(channel).CreateSeller(
            party.CreateSellerRequest(parent=PLATFORM, seller_id="NOT AN ID", kind=0), **as_platform
        )
    except grpc.RpcError as error:
        reason, fields, texts = error_info(error)
        tell("refused", code=error.code().name, reason=reason, fields=fields, locales=sorted(texts))


def register():
    sellers = party_grpc.SellerServiceStub(channel)
    today = datetime.datetime.now(SHANGHAI).date()
    seller = sellers.CreateSeller(
        party.CreateSellerRequest(
            parent=PLATFORM,
            seller_id=os.environ["SELLER_ID"],
            kind=party.SELLER_KIND_COMPANY,
            legal_name="Synthetic seller of a Python client",
            identity_number=credit_code(random.SystemRandom().randrange(10**8, 10**9)),
            region_code="330100",
            trade_category="F52",
            external_reference=os.environ["SELLER_ID"],
        ),
        **as_platform,
    )
    verified = sellers.RecordVerification(
        party.RecordVerificationRequest(
            name=seller.name,
            documents=[
                party.VerificationDocument(kind=kind, document=document(f"{seller.name}/{kind}"))
                for kind in (1, 2, 3, 4)
            ],
            controllers=[
                party.ControllerInput(role=1, identity_number="11010519491231002X", holding_bps=10_000)
            ],
            net_assets=yuan(500_000_00),
            net_assets_date=day(today),
            verification_date=day(today),
            request_id=str(uuid.uuid4()),
        ),
        **as_operator,
    )
    tell("verified", state=party.SellerState.Name(verified.state))


def consent(consent_id, purpose, kind, form):
    text = document(f"{SELLER}/{consent_id}")
    now = datetime.datetime.now(datetime.timezone.utc)
    granted = party_grpc.ConsentServiceStub(channel).CreateConsent(
        party.CreateConsentRequest(
            parent=SELLER,
            consent_id=consent_id,
            purpose=purpose,
            data_kinds=[kind],
            recipients=[LENDER],
            form=form,
            text_version="2026.1",
            expire_time=moment(now + datetime.timedelta(days=365)),
            signature=kernel.SignatureEvidence(
                signatory=SELLER,
                document=text,
                provider="local-sign",
                certificate_serial="0123456789abcdef",
                signed_hash=text.sha256,
                identity_check="FACE_AND_ID",
                sign_time=moment(now - datetime.timedelta(seconds=5)),
            ),
            request_id=str(uuid.uuid4()),
        ),
        **as_platform,
    )
    return granted.name


def invoices():
    """Fourteen months of steady synthetic sales, and purchases of two thirds of them."""
    chance = random.Random(20261125)
    today = datetime.datetime.now(SHANGHAI).date()
    for number in range(1_400):
        sale = number % 3 != 0
        net_fen = round(chance.lognormvariate(13.6 if sale else 13.9, 0.6))
        yield scoring.TradingRecord(
            source="vat",
            external_id=f"{number}",
            revision=1,
            event_date=day(today - datetime.timedelta(days=number * 425 // 1_400)),
            invoice=scoring.Invoice(
                direction=1 if sale else 2,
                counterparty_key=f"{'B' if sale else 'S'}{chance.randrange(40):03d}",
                net_amount=yuan(net_fen),
                tax_amount=yuan(net_fen * 13 // 100),
                status=scoring.INVOICE_STATUS_VALID,
            ),
        )


def send_records():
    records = list(invoices())
    parts = [records[start : start + 500] for start in range(0, len(records), 500)]
    answers = scoring_grpc.TradingRecordServiceStub(channel).StreamTradingRecords(
        iter([scoring.StreamTradingRecordsRequest(parent=SELLER, records=part) for part in parts]),
        **as_platform,
    )
    tell("records", accepted=sum(answer.accepted_count for answer in answers))


def apply(consents):
    applications = approval_grpc.ApplicationServiceStub(channel)
    draft = applications.CreateApplication(
        approval.CreateApplicationRequest(
            parent=PLATFORM,
            application_id=os.environ["SELLER_ID"],
            external_reference=os.environ["SELLER_ID"],
            seller=SELLER,
            lender=LENDER,
            product="products/plain-credit",
            requested_amount=yuan(50_000_00),
            term_months=12,
            purpose_code="STOCK",
            repayment_method=approval.REPAYMENT_METHOD_EQUAL_INSTALMENT,
            consents=consents,
        ),
        **as_platform,
    )
    request = approval.SubmitApplicationRequest(
        name=draft.name, request_id=str(uuid.uuid4()), etag=draft.etag
    )
    first = applications.SubmitApplication(request, **as_platform)
    again, call = applications.SubmitApplication.with_call(request, **as_platform)
    trailers = dict(call.trailing_metadata())
    tell(
        "submitted",
        same_answer=first.SerializeToString(deterministic=True) == again.SerializeToString(deterministic=True),
        replayed=trailers.get("lianbao-replayed"),
    )
    open_states = (approval.APPLICATION_STATE_DRAFT, approval.APPLICATION_STATE_SUBMITTED)
    watch = applications.WatchApplication(
        approval.WatchApplicationRequest(name=draft.name),
        metadata=as_platform["metadata"],
        timeout=60,
    )
    for message in watch:
        if message.HasField("application") and message.application.state not in open_states:
            watch.cancel()
            return message.application
    sys.exit("the stream ended before the decision")


def main():
    refused_first()
    register()
    consents = [
        consent("scoring", party.CONSENT_PURPOSE_SCORING, party.DATA_KIND_INVOICES, party.CONSENT_FORM_SEPARATE),
        consent("sharing", party.CONSENT_PURPOSE_SHARE_WITH_LENDER, party.DATA_KIND_SCORES, party.CONSENT_FORM_SEPARATE),
    ]
    send_records()
    decided = apply(consents)
    tell(
        "decided",
        state=approval.ApplicationState.Name(decided.state),
        reasons=[reason.code for reason in decided.reasons],
        decision=decided.decision,
    )
    events = party_grpc.EventFeedServiceStub(channel).ListEvents(
        party.ListEventsRequest(page_size=500), **as_platform
    )
    tell("feed", types=sorted({event.event.type_url.rsplit(".", 1)[1] for event in events.events}))


main()
