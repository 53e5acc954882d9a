// @generated from proto/lianbao/approval/v1/policy-0.json by `pnpm gen`.
/** Policy 0, in the JSON form of lianbao.approval.v1.PolicyContent. */
export const policyZero = {
  "party": {
    "verificationMonthsMax": 12
  },
  "rate": {
    "lprMonth": "2020-01",
    "lprPpm": "41500",
    "allInPpmMax": "240000"
  },
  "lender": {
    "singleBorrowerCapitalBpsMax": 1000,
    "connectedCapitalBpsMax": 1500,
    "programmeLimits": [
      {
        "product": "products/plain-credit",
        "monthlyAmountMax": {
          "currencyCode": "CNY",
          "units": "10000000000"
        }
      }
    ]
  },
  "decision": {
    "evidenceSecondsMax": 20,
    "scoreAgeDaysMax": 1,
    "scorePersonDaysMax": 5,
    "automaticAmountMax": {
      "currencyCode": "CNY",
      "units": "1000000"
    },
    "lenderTaskHours": 48,
    "greenLenderTaskHours": 8,
    "actionDays": 10,
    "offerDays": 7,
    "reviewDays": 15
  },
  "authority": {
    "officer": {
      "amountMax": {
        "currencyCode": "CNY",
        "units": "2000000"
      },
      "connectedExposureMax": {
        "currencyCode": "CNY",
        "units": "5000000"
      },
      "worstClass": "C"
    },
    "head": {
      "amountMax": {
        "currencyCode": "CNY",
        "units": "3000000"
      },
      "connectedExposureMax": {
        "currencyCode": "CNY",
        "units": "10000000"
      },
      "worstClass": "C"
    },
    "committee": {
      "amountMax": {
        "currencyCode": "CNY",
        "units": "5000000"
      },
      "connectedExposureMax": {
        "currencyCode": "CNY",
        "units": "20000000"
      },
      "worstClass": "D"
    }
  },
  "credit": {
    "purposes": [
      "STOCK",
      "EQUIPMENT",
      "WAGES",
      "TAX",
      "LOGISTICS"
    ],
    "monthsWithSalesMin": 9,
    "recordAgeDaysMax": 90,
    "limitStep": {
      "currencyCode": "CNY",
      "units": "1000"
    },
    "classes": [
      {
        "class": "A",
        "amountMax": {
          "currencyCode": "CNY",
          "units": "500000"
        },
        "spreadBps": 100
      },
      {
        "class": "B",
        "amountMax": {
          "currencyCode": "CNY",
          "units": "300000"
        },
        "spreadBps": 200
      },
      {
        "class": "C",
        "amountMax": {
          "currencyCode": "CNY",
          "units": "100000"
        },
        "spreadBps": 350,
        "refer": true
      }
    ],
    "fundingAndCostBps": 150,
    "lgdBps": 7500
  }
} as const;

export type PolicyZero = typeof policyZero;
