"""Addresses of the public face about closing, records and recounts."""

from django.urls import path

from zhengyou.web.public import counting_pages

urlpatterns = [
    path("records/<uuid:key>/", counting_pages.record, name="public-record"),
    path("records/<uuid:key>/report/", counting_pages.count_report, name="public-count-report"),
    path("records/<uuid:key>/report.xlsx", counting_pages.count_report_workbook, name="public-count-report-workbook"),
    path("records/<uuid:key>/record.zip", counting_pages.record_zip, name="public-record-zip"),
    path("records/<uuid:key>/packing/", counting_pages.record_packing, name="public-record-packing"),
    path("records/<uuid:key>/files/<str:name>", counting_pages.record_file, name="public-record-file"),
    path("records/<uuid:key>/index.json", counting_pages.record_index, name="public-record-index"),
    path("records/<uuid:key>/names", counting_pages.slip_names, name="public-slip-names"),
    path("records/<uuid:key>/runs/<int:number>", counting_pages.record_run, name="public-record-run"),
    path("verifier/<str:name>", counting_pages.verifier, name="verifier"),
    path("recount/", counting_pages.recount, name="recount"),
    path("recount/seal/", counting_pages.second_device, name="second-device"),
]
